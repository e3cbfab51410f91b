// What makes a class look like an interface of the web platform (WebIDL, section 3.7).

/** Known to this layer alone, so that a page cannot make objects whose constructor is illegal. */
const GRANT = Symbol('grant');

/** Makes an object whose constructor is illegal for the page. */
export function make<T>(Interface: new (...args: unknown[]) => T, core: unknown): T {
  return new Interface(GRANT, core);
}

/** For the constructors of such objects: what `make` was called with. */
export function granted<T>(args: unknown[]): T {
  if (args[0] !== GRANT) throw new TypeError('Illegal constructor');
  return args[1] as T;
}

/** Operations that give promises never throw: also what is wrong with arguments is told by the promise. */
export function promised<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return operation();
  } catch (error) {
    return Promise.reject(error as Error);
  }
}

interface Interface {
  readonly name: string;
  readonly prototype: object;
}

/** Gives a class the outward properties of an interface and makes it known under its name. */
export function expose(target: object, name: string, Class: Interface): void {
  Object.defineProperty(Class, 'name', { value: name, configurable: true });
  const { prototype } = Class;
  Object.defineProperty(prototype, Symbol.toStringTag, { value: name, configurable: true });
  for (const key of Object.getOwnPropertyNames(prototype)) {
    if (key !== 'constructor') Object.defineProperty(prototype, key, { enumerable: true });
  }
  for (const key of Object.getOwnPropertyNames(Class)) {
    if (typeof Reflect.get(Class, key) !== 'function') continue;
    Object.defineProperty(Class, key, { enumerable: true });
  }
  Object.defineProperty(target, name, { value: Class, writable: true, configurable: true });
}

type Callback = (this: EventTarget, event: Event) => unknown;
interface Handler {
  callback: unknown;
  listener: (event: Event) => void;
}

const handlersOf = new WeakMap<EventTarget, Map<string, Handler>>();

/** Adds event handler attributes (`onclose` and so on); `check` throws for objects of another interface. */
export function addHandlers(Class: Interface, check: (self: never) => unknown, types: string[]): void {
  for (const type of types) {
    const name = `on${type}`;
    const attribute = {
      get [name](): unknown {
        check(this as never);
        return handlersOf.get(this as unknown as EventTarget)?.get(type)?.callback ?? null;
      },
      set [name](value: unknown) {
        check(this as never);
        setHandler(this as unknown as EventTarget, type, value);
      },
    };
    Object.defineProperty(Class.prototype, name, Object.getOwnPropertyDescriptor(attribute, name) ?? {});
  }
}

/** The handler keeps its place among the listeners for as long as there is one. */
function setHandler(self: EventTarget, type: string, value: unknown): void {
  const callback =
    (typeof value === 'object' && value !== null) || typeof value === 'function' ? value : null;
  const handlers = handlersOf.get(self) ?? new Map<string, Handler>();
  handlersOf.set(self, handlers);
  const present = handlers.get(type);
  if (!callback) {
    if (present) self.removeEventListener(type, present.listener);
    handlers.delete(type);
  } else if (present) {
    present.callback = callback;
  } else {
    const handler: Handler = {
      callback,
      listener: (event) => {
        if (typeof handler.callback !== 'function') return;
        if ((handler.callback as Callback).call(self, event) === false) event.preventDefault();
      },
    };
    handlers.set(type, handler);
    self.addEventListener(type, handler.listener);
  }
}
