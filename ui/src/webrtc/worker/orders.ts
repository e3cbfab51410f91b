// What the page and its worker say to each other.

import type { Encoding } from '../engine';
import type { CodecName } from '../frame';
import type { AppMessage, PageMessage } from '../wire';

/** A media line of a connection. */
export interface Line {
  connection: number;
  mid: string;
}

export interface SendLine extends Line {
  codec: CodecName;
}

/** From the page. `stream` is the page's number for what is sent or received. */
export type Order =
  /** The app will be connected to: what was said before was meant for a connection that is gone. */
  | { type: 'begin' }
  | { type: 'connect'; url: string; token: string }
  | { type: 'say'; message: PageMessage }
  | { type: 'message'; connection: number; channel: number; data: string | ArrayBuffer }
  /**
   * Sends the picture of `source`, a track's ID in the page, as this track has it; null: nothing, or what comes frame by
   * frame. The track is the worker's from now on.
   */
  | { type: 'picture'; stream: number; track: MediaStreamTrack | null; source: string | null }
  /** The same where workers get no tracks: one picture after the other. */
  | { type: 'frame'; stream: number; frame: VideoFrame }
  /** Whether the track is disabled or muted: then black is sent instead. */
  | { type: 'dark'; stream: number; dark: boolean }
  | { type: 'encoding'; stream: number; encoding: Encoding }
  | { type: 'send-on'; stream: number; line: SendLine | null }
  | { type: 'end-picture'; stream: number }
  /** Gives the picture to one of the spare tracks; without one, frame by frame to the page. */
  | { type: 'incoming'; stream: number; spare: number | null }
  | { type: 'receive-on'; stream: number; line: Line | null }
  | { type: 'end-incoming'; stream: number }
  /** Where the worklet's sound of a stream comes from, or where a stream's sound is played. */
  | { type: 'sound'; stream: number; port: MessagePort }
  | { type: 'end-sound'; stream: number }
  | { type: 'figures'; request: number };

/** From the worker. */
export type News =
  /** The first of all. */
  | { type: 'ready'; takesTracks: boolean }
  /** A track for a picture to come. */
  | { type: 'spare'; spare: number; track: MediaStreamTrack }
  | { type: 'said'; message: AppMessage }
  | { type: 'message'; connection: number; channel: number; data: string | ArrayBuffer }
  /** A picture that comes frame by frame could use another. */
  | { type: 'frame-wanted'; stream: number }
  /** Something has come for this stream, after nothing had. */
  | { type: 'arrived'; stream: number }
  | { type: 'shown'; stream: number; frame: VideoFrame }
  | { type: 'figures'; request: number; figures: Figures }
  /** The socket could not be opened or is gone, and with it all connections. */
  | { type: 'lost' };

export interface Figures {
  sent: (Line & PictureFigures)[];
  received: (Line & PictureFigures)[];
}

/** As the members of RTCOutboundRtpStreamStats and RTCInboundRtpStreamStats with the same meaning (W3C webrtc-stats). */
export interface PictureFigures {
  frames: number;
  keyFrames: number;
  width: number;
  height: number;
  framesPerSecond: number;
  /** Taken from the track or the network and not encoded or decoded. */
  dropped: number;
  /** In the encoder or decoder, in s. */
  codingTime: number;
  /** Of what is sent: frames at least 2.5 times as large as all are on average. */
  huge?: number;
  /** Of what is sent: what the encoder was told to make, in bits per second. */
  bitrate?: number;
  /** Of what is received. */
  shown?: ShownFigures;
}

/** How frames were given to the track. Times are in s. */
export interface ShownFigures {
  frames: number;
  /** From each frame to the next, all together, and their squares. */
  between: number;
  betweenSquared: number;
  /** Pauses that a person sees, as W3C webrtc-stats has it, and how long they were. */
  freezes: number;
  frozen: number;
}
