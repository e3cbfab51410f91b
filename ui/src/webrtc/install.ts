// Makes the W3C interfaces known to a page whose webview has none. What is there already stays.

import type { Engine } from './engine';
import { RTCCertificate } from './interfaces/certificate';
import { RTCDataChannel } from './interfaces/data-channel';
import { RTCDTMFSender, RTCDTMFToneChangeEvent } from './interfaces/dtmf';
import {
  RTCDataChannelEvent,
  RTCErrorEvent,
  RTCPeerConnectionIceErrorEvent,
  RTCPeerConnectionIceEvent,
  RTCTrackEvent,
} from './interfaces/events';
import { RTCIceCandidate } from './interfaces/ice-candidate';
import { RTCPeerConnection } from './interfaces/peer-connection';
import { RTCError } from './interfaces/rtc-error';
import { RTCRtpReceiver } from './interfaces/rtp-receiver';
import { RTCRtpSender } from './interfaces/rtp-sender';
import { RTCRtpTransceiver } from './interfaces/rtp-transceiver';
import { RTCSessionDescription } from './interfaces/session-description';
import { RTCStatsReport } from './interfaces/stats-report';
import {
  RTCDtlsTransport,
  RTCIceCandidatePair,
  RTCIceTransport,
  RTCSctpTransport,
} from './interfaces/transports';
import { useEngine } from './jsep/engine-in-use';
import { expose } from './webidl/interface';

/** By name: a build may give classes shorter ones. */
const INTERFACES = {
  RTCCertificate,
  RTCDTMFSender,
  RTCDTMFToneChangeEvent,
  RTCDataChannel,
  RTCDataChannelEvent,
  RTCDtlsTransport,
  RTCError,
  RTCErrorEvent,
  RTCIceCandidate,
  RTCIceCandidatePair,
  RTCIceTransport,
  RTCPeerConnection,
  RTCPeerConnectionIceErrorEvent,
  RTCPeerConnectionIceEvent,
  RTCRtpReceiver,
  RTCRtpSender,
  RTCRtpTransceiver,
  RTCSctpTransport,
  RTCSessionDescription,
  RTCStatsReport,
  RTCTrackEvent,
};

export function install(engine: Engine, target: object = globalThis): void {
  useEngine(engine);
  for (const [name, Interface] of Object.entries(INTERFACES)) {
    if (!(name in target)) expose(target, name, Interface);
  }
}
