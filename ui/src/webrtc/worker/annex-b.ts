/** Bytes of the length before each unit, which is what WebKitGTK's encoder writes whatever it is asked for. */
const LENGTH_BYTES = 4;
/** Takes the length's place: RFC 6184's decoders look for it. */
const START_CODE = [0, 0, 0, 1];

/** Rewrites H.264 with lengths (AVCC) to start codes (Annex B), in place. What has start codes already is left alone. */
export function toAnnexB(bytes: Uint8Array): void {
  if (START_CODE.every((byte, index) => bytes[index] === byte)) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + LENGTH_BYTES <= bytes.length;) {
    const length = view.getUint32(at);
    bytes.set(START_CODE, at);
    at += LENGTH_BYTES + length;
  }
}
