// Runs in the AudioWorklet: sound out of and into the page, as frames of the app's wire.

import { Microphone } from './microphone';
import { Playout } from './playout';
import { MICROPHONE, PLAYOUT } from './names';
import { scope } from './scope';

scope.registerProcessor(MICROPHONE, Microphone);
scope.registerProcessor(PLAYOUT, Playout);
