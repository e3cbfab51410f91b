// How a sender encodes: one encoding, since simulcast is not supported (W3C webrtc-pc, section 5.2).

import {
  dictionary,
  member,
  requiredMember,
  toBoolean,
  toDomString,
  toDouble,
  toSequence,
  toUnsignedLong,
  enforcedOctet,
  toUnsignedShort,
} from '../webidl/convert';
import { invalidModification, operationError } from '../webidl/errors';
import { capabilities, isSameCodec, toCodec, type Codec } from './codecs';

export interface EncodingParameters {
  rid?: string;
  active: boolean;
  codec?: Codec;
  maxBitrate?: number;
  maxFramerate?: number;
  scaleResolutionDownBy?: number;
}

export type NegotiatedCodec = Codec & { payloadType: number };

export interface ReceiveParameters {
  headerExtensions: { uri: string; id: number; encrypted: boolean }[];
  rtcp: { cname?: string; reducedSize?: boolean };
  codecs: NegotiatedCodec[];
}

export interface SendParameters extends ReceiveParameters {
  transactionId: string;
  encodings: EncodingParameters[];
}

const RID = /^[A-Za-z0-9]{1,16}$/u;

function toEncoding(value: unknown): EncodingParameters {
  const from = dictionary(value, 'The encoding');
  const encoding: EncodingParameters = { active: member(from, 'active', toBoolean) ?? true };
  const rid = member(from, 'rid', toDomString);
  const codec = member(from, 'codec', toCodec);
  const maxBitrate = member(from, 'maxBitrate', toUnsignedLong);
  const maxFramerate = member(from, 'maxFramerate', toDouble);
  const scale = member(from, 'scaleResolutionDownBy', toDouble);
  if (rid !== undefined) encoding.rid = rid;
  if (codec !== undefined) encoding.codec = codec;
  if (maxBitrate !== undefined) encoding.maxBitrate = maxBitrate;
  if (maxFramerate !== undefined) encoding.maxFramerate = maxFramerate;
  if (scale !== undefined) encoding.scaleResolutionDownBy = scale;
  return encoding;
}

export const toEncodings = toSequence(toEncoding);

/** What `addTransceiver` makes of the encodings that the page wishes. */
export function initialEncodings(kind: string, wished: EncodingParameters[]): EncodingParameters[] {
  const rids = wished.flatMap(({ rid }) => (rid === undefined ? [] : [rid]));
  if (rids.some((rid) => !RID.test(rid))) throw new TypeError('A rid is malformed');
  if (rids.length > 0 && rids.length < wished.length) throw new TypeError('Some encodings have no rid');
  if (new Set(rids).size < rids.length) throw new TypeError('A rid is there twice');
  if (wished.length > 1 && rids.length === 0) throw new TypeError('Several encodings need a rid each');
  const known = capabilities(kind)?.codecs ?? [];
  if (!areAmong(known, wished)) throw operationError('A codec is not among the capabilities');
  const checked = checkedRanges(kind, wished);
  const { rid: _, ...only } = checked[0] ?? { active: true };
  return [kind === 'video' ? { scaleResolutionDownBy: 1, ...only } : only];
}

/** Whether those that name a codec name one of these. */
function areAmong(codecs: Codec[], encodings: EncodingParameters[]): boolean {
  return encodings.every(({ codec }) => !codec || codecs.some((other) => isSameCodec(codec, other)));
}

/** Without the codecs that are not among these: both sides no longer agree on them. */
export function agreedEncodings(encodings: EncodingParameters[], codecs: Codec[]): EncodingParameters[] {
  return encodings.map(({ codec, ...others }) =>
    codec && areAmong(codecs, [{ ...others, codec }]) ? { ...others, codec } : others,
  );
}

/** Without what sound does not have; throws where a number is out of its range. */
function checkedRanges(kind: string, encodings: EncodingParameters[]): EncodingParameters[] {
  if (kind === 'audio') {
    return encodings.map(({ scaleResolutionDownBy: _, maxFramerate: __, ...others }) => others);
  }
  for (const { scaleResolutionDownBy = 1, maxFramerate = 0 } of encodings) {
    if (scaleResolutionDownBy < 1) throw new RangeError('scaleResolutionDownBy is less than 1');
    if (maxFramerate < 0) throw new RangeError('maxFramerate is less than 0');
  }
  return encodings;
}

/** What `setParameters` makes of the encodings. `choosable`: the codecs that both sides agreed on, if they have. */
export function changedEncodings(
  kind: string,
  encodings: EncodingParameters[],
  choosable: Codec[],
): EncodingParameters[] {
  const codecs = choosable.length > 0 ? choosable : (capabilities(kind)?.codecs ?? []);
  if (!areAmong(codecs, encodings)) throw invalidModification('A codec is not among those that may be sent');
  const checked = checkedRanges(kind, encodings);
  return kind === 'video' ? checked.map((one) => ({ scaleResolutionDownBy: 1, ...one })) : checked;
}

function toExtension(value: unknown): { uri: string; id: number; encrypted: boolean } {
  const from = dictionary(value, 'The header extension');
  return {
    encrypted: member(from, 'encrypted', toBoolean) ?? false,
    id: requiredMember(from, 'id', toUnsignedShort),
    uri: requiredMember(from, 'uri', toDomString),
  };
}

function toRtcp(value: unknown): { cname?: string; reducedSize?: boolean } {
  const from = dictionary(value, 'rtcp');
  const cname = member(from, 'cname', toDomString);
  const reducedSize = member(from, 'reducedSize', toBoolean);
  return {
    ...(cname === undefined ? {} : { cname }),
    ...(reducedSize === undefined ? {} : { reducedSize }),
  };
}

export function toSendParameters(value: unknown): SendParameters {
  const from = dictionary(value, 'The parameters');
  const toCodecParameters = (codec: unknown) => ({
    ...toCodec(codec),
    payloadType: requiredMember(dictionary(codec, 'The codec'), 'payloadType', enforcedOctet),
  });
  return {
    codecs: requiredMember(from, 'codecs', toSequence(toCodecParameters)),
    headerExtensions: requiredMember(from, 'headerExtensions', toSequence(toExtension)),
    rtcp: requiredMember(from, 'rtcp', toRtcp),
    encodings: requiredMember(from, 'encodings', toEncodings),
    transactionId: requiredMember(from, 'transactionId', toDomString),
  };
}

/** Whether two values that came from `getParameters` say the same. */
export const same = (one: unknown, other: unknown): boolean => canonical(one) === canonical(other);

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    part && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
