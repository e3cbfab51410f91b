// What getParameters tells (W3C webrtc-pc, sections 5.2 and 5.3).

import { beforeAll, expect, test } from 'vitest';
import type { DoubleConnection, EngineDouble } from './testing/engine-double';
import type { OutgoingDouble } from './testing/media-double';
import { installDouble, offerAndAnswer } from './testing/page';

let engine: EngineDouble;
beforeAll(() => void (engine = installDouble()));

test('a sender has the codecs that the other side knows and this side can send', async () => {
  const [one, other] = [new RTCPeerConnection(), new RTCPeerConnection()];
  one.addTransceiver('video');
  const { sdp = '' } = await one.createOffer();
  const more = sdp
    .replace(/^m=video .*$/mu, '$& 35 36 37 38')
    .replace(
      'a=rtpmap:96 ',
      ['a=rtpmap:35 unheard/90000', 'a=rtpmap:36 rtx/90000', 'a=fmtp:36 apt=35']
        .concat(['a=rtpmap:37 H264/90000', 'a=fmtp:37 packetization-mode=1;profile-level-id=640c1f'])
        .concat(['a=rtpmap:38 red/90000', 'a=rtpmap:96 '])
        .join('\r\n'),
    );
  await other.setRemoteDescription({ type: 'offer', sdp: more });
  await other.setLocalDescription();
  const { codecs } = other.getSenders()[0]?.getParameters() ?? {};
  expect(codecs?.map(({ payloadType }) => payloadType)).toEqual([96, 97, 108, 109]);
});

/** TypeScript's library does not know that encodings have codecs. */
interface Encoding extends RTCRtpEncodingParameters {
  codec?: RTCRtpCodec;
}

const codec = (name: string) =>
  RTCRtpSender.getCapabilities('video')?.codecs.find(({ mimeType }) => mimeType === `video/${name}`);

/** How the engine was told to encode what this connection sends on its first line. */
function encodedAs(connection: RTCPeerConnection): unknown {
  const ufrag = /a=ice-ufrag:(\S+)/u.exec(connection.localDescription?.sdp ?? '')?.[1] ?? '';
  const engines = engine.reachable.get(ufrag) as DoubleConnection;
  const outgoing = engines.sentOn(connection.getTransceivers()[0]?.mid ?? '') as OutgoingDouble;
  return (outgoing.encodings.at(-1) as { codec?: string }).codec;
}

async function choose(sender: RTCRtpSender, chosen: RTCRtpCodec | undefined): Promise<void> {
  const parameters = sender.getParameters();
  const [encoding] = parameters.encodings as Encoding[];
  if (encoding && chosen) encoding.codec = chosen;
  else delete encoding?.codec;
  await sender.setParameters(parameters);
}

const chosen = (sender: RTCRtpSender) => (sender.getParameters().encodings[0] as Encoding).codec?.mimeType;

test('the codec that is sent can be chosen, for as long as both sides have it', async () => {
  const [one, other] = [new RTCPeerConnection(), new RTCPeerConnection()];
  const sendEncodings = [{ codec: codec('H264') } as Encoding];
  const { sender } = one.addTransceiver('video', { sendEncodings });
  expect(chosen(sender)).toBe('video/H264');
  await offerAndAnswer(one, other);
  expect([chosen(sender), encodedAs(one)]).toEqual(['video/H264', 'h264']);
  await choose(sender, codec('VP8'));
  expect([chosen(sender), encodedAs(one)]).toEqual(['video/VP8', 'vp8']);
  const [transceiver] = other.getTransceivers();
  transceiver?.setCodecPreferences([codec('H264') as RTCRtpCodec]);
  await offerAndAnswer(one, other);
  expect([chosen(sender), encodedAs(one)]).toEqual([undefined, undefined]);
  await expect(choose(sender, codec('VP8'))).rejects.toThrow(
    expect.objectContaining({ name: 'InvalidModificationError' }),
  );
  await choose(sender, undefined);
});

test('a codec that nobody has cannot be chosen', async () => {
  const connection = new RTCPeerConnection();
  const unheard = { mimeType: 'video/unheard', clockRate: 90000 };
  const encodings = { sendEncodings: [{ codec: unheard } as Encoding] };
  expect(() => connection.addTransceiver('video', encodings)).toThrow(
    expect.objectContaining({ name: 'OperationError' }),
  );
  const { sender } = connection.addTransceiver('video');
  await expect(choose(sender, unheard)).rejects.toThrow(
    expect.objectContaining({ name: 'InvalidModificationError' }),
  );
});
