// The part of AudioWorkletGlobalScope that is used here; TypeScript's library for pages does not have it.

export interface Processor {
  readonly port: MessagePort;
  /** False: it is not needed any more. */
  process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean;
}

type ProcessorClass = new (options: { processorOptions: ProcessorOptions }) => Processor;

/** What the page gives to each node. */
export interface ProcessorOptions {
  stream: number;
}

interface Scope {
  AudioWorkletProcessor: new () => Pick<Processor, 'port'>;
  registerProcessor(name: string, processor: ProcessorClass): void;
  /** Samples since the context began. */
  readonly currentFrame: number;
}

export const scope = globalThis as unknown as Scope;
