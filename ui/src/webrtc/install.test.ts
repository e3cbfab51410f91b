import { beforeAll, describe, expect, test } from 'vitest';
import { install } from './install';
import { installDouble } from './testing/page';

let engine: ReturnType<typeof installDouble>;
beforeAll(() => {
  engine = installDouble();
});

const name = (connection: () => unknown): unknown => {
  try {
    return connection();
  } catch (error) {
    return (error as Error).name;
  }
};

describe('the interfaces look as WebIDL has them', () => {
  test('and stay where they are already', () => {
    const native = class {};
    const page: Record<string, unknown> = { RTCPeerConnection: native };
    install(engine, page);
    expect(page.RTCPeerConnection).toBe(native);
    expect(page).toHaveProperty('RTCIceCandidate');
    expect(Object.keys(page)).toEqual(['RTCPeerConnection']);
  });

  test.each(['RTCRtpSender', 'RTCRtpReceiver', 'RTCRtpTransceiver', 'RTCDataChannel', 'RTCIceTransport'])(
    '%s cannot be constructed',
    (type) => {
      const Interface = (globalThis as unknown as Record<string, new () => unknown>)[type];
      expect(() => Interface && new Interface()).toThrow(new TypeError('Illegal constructor'));
    },
  );

  test('names, lengths, enumerable members, no members of their own', () => {
    expect(RTCPeerConnection.name).toBe('RTCPeerConnection');
    expect(`${new RTCPeerConnection()}`).toBe('[object RTCPeerConnection]');
    const lengths = [
      'createOffer',
      'setRemoteDescription',
      'addTrack',
      'createDataChannel',
      'getStats',
    ] as const;
    expect(lengths.map((method) => RTCPeerConnection.prototype[method].length)).toEqual([0, 1, 1, 1, 0]);
    expect(Object.keys(RTCPeerConnection.prototype)).toContain('ontrack');
    expect(Object.keys(new RTCPeerConnection())).toEqual([]);
    expect(Object.keys(RTCPeerConnection)).toEqual(['generateCertificate']);
  });

  test('members refuse objects of another interface', async () => {
    const { prototype } = RTCPeerConnection;
    expect(() => Reflect.get(prototype, 'signalingState')).toThrow(TypeError);
    await expect(Reflect.apply(prototype.createOffer, {}, [])).rejects.toThrow(TypeError);
  });

  test('handlers are called where they were first set, and false prevents', () => {
    const connection = new RTCPeerConnection();
    const calls: string[] = [];
    connection.ontrack = () => calls.push('first');
    connection.addEventListener('track', () => calls.push('listener'));
    connection.ontrack = () => (calls.push('handler'), false);
    const event = new Event('track', { cancelable: true });
    connection.dispatchEvent(event);
    expect([calls, event.defaultPrevented]).toEqual([['handler', 'listener'], true]);
    connection.ontrack = null;
    expect(connection.ontrack).toBeNull();
  });
});

describe('garbage is refused', () => {
  const connection = () => new RTCPeerConnection();
  const garbage = null as never;

  test.each<[string, () => unknown, string]>([
    ['a track that is none', () => connection().addTrack({} as MediaStreamTrack), 'TypeError'],
    ['a kind that is none', () => connection().addTransceiver('text'), 'TypeError'],
    [
      'a direction that is none',
      () => connection().addTransceiver('audio', { direction: garbage }),
      'TypeError',
    ],
    ['a sender that is none', () => connection().removeTrack({} as RTCRtpSender), 'TypeError'],
    [
      'a sender of another',
      () => connection().removeTrack(connection().addTransceiver('audio').sender),
      'InvalidAccessError',
    ],
    [
      'no arguments',
      () => Reflect.apply(RTCPeerConnection.prototype.createDataChannel, connection(), []),
      'TypeError',
    ],
    [
      'a number out of range',
      () => connection().createDataChannel('', { maxRetransmits: 65536 }),
      'TypeError',
    ],
    ['no id', () => connection().createDataChannel('', { negotiated: true }), 'TypeError'],
    [
      'a rid that is none',
      () => connection().addTransceiver('video', { sendEncodings: [{ rid: 'ä' }] }),
      'TypeError',
    ],
    [
      'too small a scale',
      () => connection().addTransceiver('video', { sendEncodings: [{ scaleResolutionDownBy: 0.5 }] }),
      'RangeError',
    ],
    ['a candidate without a line', () => new RTCIceCandidate({ candidate: 'x' }), 'TypeError'],
    [
      'a URL that is none',
      () => new RTCPeerConnection({ iceServers: [{ urls: 'http://x' }] }),
      'SyntaxError',
    ],
    [
      'a STUN query',
      () => new RTCPeerConnection({ iceServers: [{ urls: 'stun:x?transport=udp' }] }),
      'SyntaxError',
    ],
    [
      'no credentials',
      () => new RTCPeerConnection({ iceServers: [{ urls: 'turn:x' }] }),
      'InvalidAccessError',
    ],
    ['a policy that is none', () => new RTCPeerConnection({ bundlePolicy: 'x' as 'balanced' }), 'TypeError'],
  ])('%s', (_, act, error) => {
    expect(name(act)).toBe(error);
  });

  test('what may change of a configuration, and what may not', () => {
    const one = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    one.setConfiguration({ bundlePolicy: 'max-bundle', iceServers: [{ urls: 'stun:[::1]:3478' }] });
    expect(one.getConfiguration()).toEqual({
      bundlePolicy: 'max-bundle',
      certificates: [],
      iceCandidatePoolSize: 0,
      iceServers: [{ urls: ['stun:[::1]:3478'] }],
      iceTransportPolicy: 'all',
      rtcpMuxPolicy: 'require',
    });
    expect(name(() => one.setConfiguration({}))).toBe('InvalidModificationError');
    one.close();
    expect(name(() => one.setConfiguration({ bundlePolicy: 'max-bundle' }))).toBe('InvalidStateError');
  });
});
