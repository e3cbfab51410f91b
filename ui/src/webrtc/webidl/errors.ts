// The errors that the W3C text names.

const named = (name: string) => (message: string) => new DOMException(message, name);

export const invalidState = named('InvalidStateError');
export const invalidAccess = named('InvalidAccessError');
export const invalidModification = named('InvalidModificationError');
export const operationError = named('OperationError');
export const syntaxError = named('SyntaxError');
export const notSupported = named('NotSupportedError');
export const closedError = () => invalidState('The connection is closed');
