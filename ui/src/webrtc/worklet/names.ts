/** The processors' names, as the page asks for them. */
export const MICROPHONE = 'visavis-microphone';
export const PLAYOUT = 'visavis-playout';
