import type { Effort } from './effort';
import type { Rtc } from './peer-link';
import { Store } from './store';

/** What of a screen is sent, and how its picture is encoded; `audio` is null if it has no sound. */
export interface OutgoingScreen {
  video: MediaStreamTrack;
  audio: MediaStreamTrack | null;
  effort: Effort;
}

const KINDS = ['video', 'audio'] as const;
type Kind = (typeof KINDS)[number];

/**
 * The lines of one connection that carry screens: all but the two that its first offer has (docs/protocol.md). Each
 * is used in one direction, by the side that added it, and kept for the next screen when one is over: what goes over
 * the other lines never notices.
 */
export class ScreenLines {
  /** What the other side's screen sends; null: nothing. */
  readonly stream = new Store<MediaStream | null>(null);

  readonly #connection: RTCPeerConnection;
  readonly #rtc: Rtc;
  readonly #own = new Map<Kind, RTCRtpTransceiver>();
  #outgoing: MediaStream | null = null;

  constructor(connection: RTCPeerConnection, rtc: Rtc) {
    this.#connection = connection;
    this.#rtc = rtc;
  }

  /** Sends this from now on; null: nothing. The first two lines must be there. */
  send(screen: OutgoingScreen | null): void {
    for (const kind of KINDS) {
      const track = screen?.[kind] ?? null;
      const line = this.#own.get(kind);
      if (line) this.#use(line, track);
      else if (screen && track) this.#own.set(kind, this.#add(track, screen.effort));
    }
    if (screen) this.#encode(screen.effort);
  }

  #encode(effort: Effort): void {
    const sender = this.#own.get('video')?.sender;
    if (!sender) return;
    const parameters = sender.getParameters();
    for (const encoding of parameters.encodings) Object.assign(encoding, effort);
    // Refused while another change is on its way: then the line has what it was added with.
    sender.setParameters(parameters).catch(() => {});
  }

  /** After each negotiation. `cameras`: the senders of the first two lines. */
  negotiated(cameras: RTCRtpSender[]): void {
    const own = [...this.#own.values()].map(({ sender }) => sender);
    const incoming = this.#connection
      .getTransceivers()
      .filter(({ sender }) => !cameras.includes(sender) && !own.includes(sender))
      .filter(({ currentDirection }) => currentDirection === 'recvonly' || currentDirection === 'sendrecv')
      .map(({ receiver }) => receiver.track);
    const tracks = KINDS.flatMap((kind) => incoming.find((track) => track.kind === kind) ?? []);
    const before = this.stream.get()?.getTracks() ?? [];
    // Whoever shows the stream would begin anew with another one.
    if (tracks.length === before.length && tracks.every((track) => before.includes(track))) return;
    this.stream.set(tracks.length > 0 ? this.#rtc.stream(tracks) : null);
  }

  #add(track: MediaStreamTrack, effort: Effort): RTCRtpTransceiver {
    this.#outgoing ??= this.#rtc.stream([]);
    return this.#connection.addTransceiver(track, {
      direction: 'sendonly',
      streams: [this.#outgoing],
      ...(track.kind === 'video' ? { sendEncodings: [{ ...effort }] } : {}),
    });
  }

  #use(line: RTCRtpTransceiver, track: MediaStreamTrack | null): void {
    line.direction = track ? 'sendonly' : 'inactive';
    // Refused only if the link has ended meanwhile.
    line.sender.replaceTrack(track).catch(() => {});
  }
}
