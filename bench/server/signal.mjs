// What is passed on: an offer of about 1 kB, line by line as session descriptions are.

/** With the JSON around it. */
export const SIGNAL_BYTES = 1024;

const LINE = 'a=candidate:1 1 udp 2122260223 192.0.2.7 54321 typ host generation 0\r\n';
const EMPTY = JSON.stringify({ type: 'offer', sdp: '' }).length;

let sdp = '';
while (EMPTY + JSON.stringify(sdp + LINE).length - 2 <= SIGNAL_BYTES) sdp += LINE;
sdp = sdp.padEnd(sdp.length + SIGNAL_BYTES - EMPTY - (JSON.stringify(sdp).length - 2), 'x');

/** A `RTCSessionDescriptionInit` as JSON. */
export const SIGNAL = JSON.stringify({ type: 'offer', sdp });
