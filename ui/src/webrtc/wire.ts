// Generated from crates/peer by `UPDATE=1 cargo test -p visavis-peer`. Do not edit.

export const VERSION = 1;
export const HEADER_BYTES = 16;
export const READ_BYTES = 4194304;
export const SDP_BYTES = 262144;
export const MESSAGE_BYTES = 262144;
export const CHANNEL_BUFFER_BYTES = 16777216;
export const REMOTE_CHANNELS_FROM = 2147483648;
export const SOUND_BLOCKS = 10;
export const BLOCK_SAMPLES = 480;
export const PACKET_SAMPLES = 960;
export const SAMPLE_RATE = 48000;

export type IceServer = { urls: Array<string>, username?: string, credential?: string, };

export type PageMessage = { "type": "hello", 
/**
 * The token of this launch.
 */
token: string, } | { "type": "certify", 
/**
 * Comes back in the answer.
 */
request: number, } | { "type": "open" } & Open | { "type": "set-ice-servers", 
/**
 * Which connection.
 */
connection: number, 
/**
 * `RTCConfiguration.iceServers`.
 */
iceServers: Array<IceServer>, } | { "type": "offer" } & Offer | { "type": "rollback", 
/**
 * Which connection.
 */
connection: number, } | { "type": "check", 
/**
 * Which connection.
 */
connection: number, 
/**
 * Comes back in the answer.
 */
request: number, 
/**
 * What it is.
 */
kind: DescriptionKind, 
/**
 * The description.
 */
sdp: string, } | { "type": "answer" } & Answer | { "type": "accept", 
/**
 * Which connection.
 */
connection: number, 
/**
 * Comes back in the answer.
 */
request: number, 
/**
 * The other side's answer.
 */
sdp: string, } | { "type": "gather", 
/**
 * Which connection.
 */
connection: number, 
/**
 * `RTCIceTransportPolicy` `relay`, and there is none: nothing is told, and after an ICE restart no address
 * is used any more.
 */
relayOnly?: boolean, } | { "type": "candidate", 
/**
 * Which connection.
 */
connection: number, 
/**
 * Comes back in the answer.
 */
request: number, 
/**
 * With or without `candidate:` before it; empty: there are no more.
 */
candidate: string, 
/**
 * The media line that it was given for; all share one transport.
 */
mid?: string, } | { "type": "send", 
/**
 * Which connection.
 */
connection: number, 
/**
 * Which line.
 */
mid: string, 
/**
 * For sound, a source that several connections may share.
 */
stream: number, } | { "type": "stop-send", 
/**
 * Which connection.
 */
connection: number, 
/**
 * Which line.
 */
mid: string, } | { "type": "receive", 
/**
 * Which connection.
 */
connection: number, 
/**
 * Which line.
 */
mid: string, 
/**
 * A number that no other line is received under.
 */
stream: number, } | { "type": "stop-receive", 
/**
 * Which connection.
 */
connection: number, 
/**
 * Which line.
 */
mid: string, } | { "type": "source", 
/**
 * Under this number.
 */
stream: number, 
/**
 * The far end is taken out.
 */
echoCancellation: boolean, 
/**
 * Noise is made softer.
 */
noiseSuppression: boolean, 
/**
 * Speech is brought to an even level.
 */
autoGainControl: boolean, } | { "type": "end-source", 
/**
 * Which one.
 */
stream: number, } | { "type": "key-frame", 
/**
 * Which connection.
 */
connection: number, 
/**
 * Which line.
 */
mid: string, } | { "type": "wanted-bitrate", 
/**
 * Which connection.
 */
connection: number, 
/**
 * In bits per second.
 */
bps: number, } | { "type": "channel", 
/**
 * Which connection.
 */
connection: number, 
/**
 * A number below [`super::limits::REMOTE_CHANNELS_FROM`] that this connection never used before.
 */
channel: number, 
/**
 * The id that both sides agreed on elsewhere.
 */
negotiated?: number, 
/**
 * What it is for.
 */
label: string, 
/**
 * The language that is spoken on it.
 */
protocol: string, 
/**
 * Messages arrive in the order in which they were sent.
 */
ordered: boolean, 
/**
 * A message is sent again at most so often.
 */
maxRetransmits?: number, 
/**
 * A message is sent again for at most so many milliseconds.
 */
maxPacketLifeTime?: number, } | { "type": "close-channel", 
/**
 * Which connection.
 */
connection: number, 
/**
 * Which channel.
 */
channel: number, } | { "type": "low-threshold", 
/**
 * Which connection.
 */
connection: number, 
/**
 * Which channel.
 */
channel: number, 
/**
 * At most.
 */
bytes: number, } | { "type": "stats", 
/**
 * Which connection.
 */
connection: number, 
/**
 * Comes back in the answer.
 */
request: number, } | { "type": "close", 
/**
 * Which connection.
 */
connection: number, };

export type Open = { 
/**
 * A number that was never used before.
 */
connection: number, 
/**
 * `RTCConfiguration.iceServers`.
 */
iceServers: Array<IceServer>, 
/**
 * What the connection shows for itself; one of its own if this is missing.
 */
certificate?: Certificate, };

export type Certificate = { 
/**
 * DER, in hexadecimal digits.
 */
der: string, 
/**
 * Its private key.
 */
key: string, };

export type Offer = { 
/**
 * Which connection.
 */
connection: number, 
/**
 * Comes back in the answer.
 */
request: number, 
/**
 * Lines that are new, in the order in which they follow those negotiated before.
 */
media: Array<NewLine>, 
/**
 * Lines negotiated before.
 */
directions: Array<LineDirection>, 
/**
 * The mids of lines that are stopped for good.
 */
stopped: Array<string>, 
/**
 * There is a line for data channels.
 */
dataChannels: boolean, 
/**
 * New ICE credentials; the way is looked for again.
 */
iceRestart: boolean, };

export type Answer = { 
/**
 * Which connection.
 */
connection: number, 
/**
 * Comes back in the answer.
 */
request: number, 
/**
 * The offer.
 */
sdp: string, 
/**
 * Lines that are not named are answered with what the offer allows.
 */
media: Array<AnswerLine>, };

export type NewLine = { 
/**
 * Sound or picture.
 */
kind: Kind, 
/**
 * Which ways.
 */
direction: Direction, 
/**
 * The first part of `a=msid`.
 */
stream?: string, 
/**
 * The second part of `a=msid`.
 */
track?: string, };

export type LineDirection = { 
/**
 * Which line.
 */
mid: string, 
/**
 * Which ways.
 */
direction: Direction, };

export type AnswerLine = { 
/**
 * Which line.
 */
mid: string, 
/**
 * Which ways.
 */
direction: Direction, 
/**
 * The first part of `a=msid`.
 */
stream?: string, 
/**
 * The second part of `a=msid`.
 */
track?: string, };

export type Kind = "audio" | "video";

export type Direction = "sendrecv" | "sendonly" | "recvonly" | "inactive" | "stopped";

export type DescriptionKind = "offer" | "answer";

export type ChannelOptions = { 
/**
 * What it is for.
 */
label: string, 
/**
 * The language that is spoken on it.
 */
protocol: string, 
/**
 * Messages arrive in the order in which they were sent.
 */
ordered: boolean, 
/**
 * A message is sent again at most so often.
 */
maxRetransmits?: number, 
/**
 * A message is sent again for at most so many milliseconds.
 */
maxPacketLifeTime?: number, };

export type AppMessage = { "type": "welcome", 
/**
 * [`super::VERSION`].
 */
version: number, } | { "type": "certified", 
/**
 * The one of the question.
 */
request: number, 
/**
 * To be kept, and to be given to `open`.
 */
certificate: Certificate, 
/**
 * Its SHA-256, as descriptions have it.
 */
fingerprint: string, } | { "type": "described", 
/**
 * The one of the question.
 */
request: number, 
/**
 * The description, without candidates.
 */
sdp: string, 
/**
 * Of each new line of an offer, in the order of the question.
 */
mids: Array<string>, } | { "type": "done", 
/**
 * The one of the question.
 */
request: number, } | { "type": "stats", 
/**
 * The one of the question.
 */
request: number, 
/**
 * The figures.
 */
report: StatsReport, } | { "type": "refused", 
/**
 * The one of the question.
 */
request: number, 
/**
 * Why.
 */
code: RefusalCode, 
/**
 * The same for a person.
 */
message: string, } | { "type": "candidate", 
/**
 * Which connection.
 */
connection: number, 
/**
 * As `RTCIceCandidate.candidate`; `null`: all were told.
 */
candidate: string | null, 
/**
 * The first media line.
 */
mid: string, 
/**
 * Its place.
 */
line: number, 
/**
 * The ICE user name fragment that it belongs to.
 */
usernameFragment: string, } | { "type": "ice-state", 
/**
 * Which connection.
 */
connection: number, 
/**
 * From now on.
 */
state: IceState, } | { "type": "dtls-state", 
/**
 * Which connection.
 */
connection: number, 
/**
 * From now on.
 */
state: DtlsState, 
/**
 * With `connected`: the other side's certificate (DER), in hexadecimal digits.
 */
certificate?: string, } | { "type": "key-frame-wanted", 
/**
 * Which connection.
 */
connection: number, 
/**
 * Which line.
 */
mid: string, } | { "type": "bitrate", 
/**
 * Which connection.
 */
connection: number, 
/**
 * In bits per second.
 */
bps: number, } | { "type": "channel-opened", 
/**
 * Which connection.
 */
connection: number, 
/**
 * Its number; [`super::limits::REMOTE_CHANNELS_FROM`] or above if the other side opened it.
 */
channel: number, 
/**
 * `RTCDataChannel.id`.
 */
id: number, 
/**
 * The other side opened it.
 */
remote: boolean, 
/**
 * What it is for.
 */
label: string, 
/**
 * The language that is spoken on it.
 */
protocol: string, 
/**
 * Messages arrive in the order in which they were sent.
 */
ordered: boolean, 
/**
 * A message is sent again at most so often.
 */
maxRetransmits?: number, 
/**
 * A message is sent again for at most so many milliseconds.
 */
maxPacketLifeTime?: number, } | { "type": "channel-closed", 
/**
 * Which connection.
 */
connection: number, 
/**
 * Which channel.
 */
channel: number, } | { "type": "channel-low", 
/**
 * Which connection.
 */
connection: number, 
/**
 * Which channel.
 */
channel: number, } | { "type": "channel-sent", 
/**
 * Which connection.
 */
connection: number, 
/**
 * Which channel.
 */
channel: number, 
/**
 * Of payload.
 */
bytes: number, } | { "type": "ended", 
/**
 * Which connection.
 */
connection: number, 
/**
 * Why.
 */
code: EndCode, 
/**
 * The same for a person.
 */
message: string, };

export type RefusalCode = "sdp-syntax" | "not-usable" | "wrong-state" | "unknown-connection" | "unknown-mid" | "candidate" | "too-many" | "not-supported" | "fault";

export type EndCode = "untrusted" | "no-keys" | "hostile" | "too-many" | "fault";

export type IceState = "new" | "checking" | "connected" | "completed" | "disconnected" | "failed";

export type DtlsState = "connecting" | "connected" | "closed" | "failed";

export type StatsReport = { 
/**
 * Unix time in milliseconds.
 */
timestamp: number, 
/**
 * The one transport that all lines share.
 */
transport: TransportStats, 
/**
 * The pair of addresses in use; absent before there is one.
 */
pair?: PairStats, 
/**
 * Each line that receives or did.
 */
inbound: Array<InboundStats>, 
/**
 * Each line that sends or did.
 */
outbound: Array<OutboundStats>, 
/**
 * Each data channel that is not closed.
 */
channels: Array<ChannelStats>, 
/**
 * Data channels that were ever open.
 */
channelsOpened: number, 
/**
 * Data channels that were open and are closed.
 */
channelsClosed: number, };

export type TransportStats = { 
/**
 * Without the headers of UDP and below.
 */
bytesSent: number, 
/**
 * As `bytes_sent`.
 */
bytesReceived: number, 
/**
 * Datagrams.
 */
packetsSent: number, 
/**
 * Datagrams.
 */
packetsReceived: number, 
/**
 * As told by `ice-state`.
 */
iceState: IceState, 
/**
 * As told by `dtls-state`; absent before it was.
 */
dtlsState?: DtlsState, 
/**
 * `RTCIceTransport`'s user name fragment of this side.
 */
iceLocalUsernameFragment: string, 
/**
 * How often the pair in use changed.
 */
selectedPairChanges: number, 
/**
 * Four hexadecimal digits, as they are sent (W3C webrtc-stats); absent before there is one.
 */
tlsVersion?: string, 
/**
 * As IANA names it; absent before there is one.
 */
srtpCipher?: string, 
/**
 * This side's.
 */
localCertificate: CertificateStats, 
/**
 * The other side's, if it is the one of its description.
 */
remoteCertificate?: CertificateStats, };

export type PairStats = { 
/**
 * This side's.
 */
local: CandidateStats, 
/**
 * The other side's.
 */
remote: CandidateStats, 
/**
 * Of the last check.
 */
currentRoundTripTime?: number, 
/**
 * Of all checks together.
 */
totalRoundTripTime: number, 
/**
 * Checks that were answered.
 */
responsesReceived: number, 
/**
 * Checks.
 */
requestsSent: number, 
/**
 * The other side's checks.
 */
requestsReceived: number, 
/**
 * Answers to the other side's checks.
 */
responsesSent: number, 
/**
 * Unix time in milliseconds; checks do not count.
 */
lastPacketSentTimestamp?: number, 
/**
 * As `last_packet_sent_timestamp`.
 */
lastPacketReceivedTimestamp?: number, 
/**
 * Estimate of what can be sent, in bits per second.
 */
availableOutgoingBitrate?: number, };

export type CandidateStats = { 
/**
 * IP address.
 */
address: string, 
/**
 * UDP port.
 */
port: number, 
/**
 * How the address was found.
 */
candidateType: CandidateType, };

export type CertificateStats = { 
/**
 * As descriptions have it.
 */
fingerprint: string, 
/**
 * As `sha-256`.
 */
fingerprintAlgorithm: string, 
/**
 * DER, in hexadecimal digits.
 */
der: string, };

export type CandidateType = "host" | "srflx" | "prflx" | "relay";

export type CodecStats = { 
/**
 * As negotiated.
 */
payloadType: number, 
/**
 * As `video/VP8`.
 */
mimeType: string, 
/**
 * Ticks a second of its RTP timestamps.
 */
clockRate: number, 
/**
 * Of sound.
 */
channels?: number, 
/**
 * The value of its `a=fmtp`; absent if empty.
 */
sdpFmtpLine?: string, };

export type InboundStats = { 
/**
 * Which line.
 */
mid: string, 
/**
 * Sound or picture.
 */
kind: Kind, 
/**
 * Absent before anything arrived.
 */
codec?: CodecStats, 
/**
 * RTP packets.
 */
packetsReceived: number, 
/**
 * RTP payload.
 */
bytesReceived: number, 
/**
 * RTP packets that never came; negative if some came twice.
 */
packetsLost: number, 
/**
 * Between arrivals, in seconds.
 */
jitter: number, 
/**
 * Asked again for.
 */
nackCount: number, 
/**
 * Asked for a key frame.
 */
pliCount: number, 
/**
 * As `pli_count`, the stern way.
 */
firCount: number, 
/**
 * Frames of a picture that arrived in full.
 */
framesReceived: number, 
/**
 * Frames of a picture that were kept from the page, because it was slow or what they build on was missing.
 */
framesDropped: number, 
/**
 * Key frames among those that were received.
 */
keyFramesReceived: number, 
/**
 * What the sender says that it sent; absent before it says so.
 */
remote?: RemoteOutboundStats, 
/**
 * Of sound.
 */
playout?: PlayoutStats, 
/**
 * What the page was given last; absent before it was given anything.
 */
delivered?: DeliveredStats, };

export type RemoteOutboundStats = { 
/**
 * RTP packets.
 */
packetsSent: number, 
/**
 * RTP payload.
 */
bytesSent: number, 
/**
 * When it said so, by its own clock.
 */
remoteTimestamp?: number, };

export type PlayoutStats = { 
/**
 * Given to the page.
 */
totalSamplesReceived: number, 
/**
 * Made up, because nothing was there.
 */
concealedSamples: number, 
/**
 * Those of them that are silence.
 */
silentConcealedSamples: number, 
/**
 * Times that something had to be made up.
 */
concealmentEvents: number, 
/**
 * Added, to slow down.
 */
insertedSamplesForDeceleration: number, 
/**
 * Left out, to catch up.
 */
removedSamplesForAcceleration: number, 
/**
 * Packets that came too late.
 */
packetsDiscarded: number, 
/**
 * Sum over `jitter_buffer_emitted_count` samples of how long each waited.
 */
jitterBufferDelay: number, 
/**
 * As `jitter_buffer_delay`, of how long the buffer meant them to wait.
 */
jitterBufferTargetDelay: number, 
/**
 * Samples that have left the buffer.
 */
jitterBufferEmittedCount: number, 
/**
 * Sum of the squares of the samples, each from 0 to 1, times its duration.
 */
totalAudioEnergy: number, 
/**
 * How long sound was played.
 */
totalSamplesDuration: number, 
/**
 * The loudest sample of late, from 0 to 1.
 */
audioLevel: number, };

export type DeliveredStats = { 
/**
 * Of the frame, as RTP has it.
 */
rtpTimestamp: number, 
/**
 * When, as Unix time in milliseconds.
 */
timestamp: number, };

export type OutboundStats = { 
/**
 * Which line.
 */
mid: string, 
/**
 * Sound or picture.
 */
kind: Kind, 
/**
 * Absent before anything was sent.
 */
codec?: CodecStats, 
/**
 * RTP packets, those sent again included.
 */
packetsSent: number, 
/**
 * RTP payload, that sent again included.
 */
bytesSent: number, 
/**
 * Times that packets were asked for again.
 */
nackCount: number, 
/**
 * Times that a key frame was asked for.
 */
pliCount: number, 
/**
 * As `pli_count`, the stern way.
 */
firCount: number, 
/**
 * Frames of a picture, or packets of sound.
 */
framesSent: number, 
/**
 * Key frames among them.
 */
keyFramesSent: number, 
/**
 * Of sound; absent before any was sent.
 */
source?: AudioSourceStats, 
/**
 * What the receiver says; absent before it says so.
 */
remote?: RemoteInboundStats, };

export type AudioSourceStats = { 
/**
 * Of late, from 0 to 1.
 */
audioLevel: number, 
/**
 * Sum of the squares of the samples, each from 0 to 1, times its duration.
 */
totalAudioEnergy: number, 
/**
 * How long sound was recorded.
 */
totalSamplesDuration: number, 
/**
 * Of the canceller, in dB; absent without one.
 */
echoReturnLoss?: number, 
/**
 * As `echo_return_loss`.
 */
echoReturnLossEnhancement?: number, };

export type RemoteInboundStats = { 
/**
 * RTP packets that never came there.
 */
packetsLost: number, 
/**
 * Between arrivals there, in seconds.
 */
jitter: number, 
/**
 * From RTCP.
 */
roundTripTime?: number, 
/**
 * Of late, from 0 to 1.
 */
fractionLost?: number, };

export type ChannelStats = { 
/**
 * Its number.
 */
channel: number, 
/**
 * Messages.
 */
messagesSent: number, 
/**
 * Payload.
 */
bytesSent: number, 
/**
 * Messages.
 */
messagesReceived: number, 
/**
 * Payload.
 */
bytesReceived: number, };
