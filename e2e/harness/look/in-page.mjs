// What is looked for in a page, by functions that run there: each returns what is wrong, as sentences.

/** Defines `visavisLook` in the page: what the functions below have in common. */
export function prepareLook() {
  const CONTROLS =
    'a[href], button:not(:disabled), input:not(:disabled, [type=hidden]), select:not(:disabled), textarea:not(:disabled), summary, [tabindex="0"]';

  /** Where a person can be now: in the topmost dialog, or in the page. */
  const scope = () => [...document.querySelectorAll(':modal')].at(-1) ?? document.body;

  /** @param {Element} element */
  const isShown = (element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    element.getClientRects().length > 0 &&
    !element.closest('[inert]');

  /** A radio button or a switch that is drawn by its label counts as that. @param {Element} control */
  const bodyOf = (control) => {
    const label = control instanceof HTMLInputElement ? control.labels?.[0] : undefined;
    const { width, height } = control.getBoundingClientRect();
    const drawnByLabel =
      control instanceof HTMLInputElement && ['radio', 'checkbox', 'file'].includes(control.type);
    return label && (drawnByLabel || width * height <= 1) ? label : control;
  };

  const controls = () => [...scope().querySelectorAll(CONTROLS)].filter((each) => isShown(bodyOf(each)));

  /** @param {Element} element */
  const nameOf = (element) => {
    const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : '';
    const text = element.getAttribute('aria-label') || label || element.textContent || element.id;
    return `${element.localName} ${JSON.stringify(text.trim().replace(/\s+/g, ' ').slice(0, 40))}`;
  };

  /** How much of a line may be beyond an edge, in px: its leading, where there are no letters. */
  const LEADING = 4;

  /** Whether what is outside of an element's edge is neither shown nor reached. @param {string} overflow */
  const cuts = (overflow) => overflow === 'hidden' || overflow === 'clip';

  /** What cuts a line or a control off; `scrolled` if it only has to be scrolled to. @param {Element} element @param {DOMRect} line */
  const clipper = (element, line) => {
    for (
      let at = /** @type {Element | null} */ (element);
      at && at !== document.body;
      at = at.parentElement
    ) {
      const style = getComputedStyle(at);
      if (style.textOverflow === 'ellipsis' || style.clipPath !== 'none') return null;
      const box = at.getBoundingClientRect();
      const [x, y] = [style.overflowX, style.overflowY];
      if (cuts(x) && (line.left < box.left - 1 || line.right > box.right + 1)) return at;
      if (cuts(y) && (line.top < box.top - LEADING || line.bottom > box.bottom + LEADING)) return at;
      const outside = line.top < box.top || line.bottom > box.bottom || line.right > box.right;
      if (outside && [x, y].some((way) => way === 'auto' || way === 'scroll')) return 'scrolled';
      if (style.position === 'fixed') return null;
    }
    return null;
  };

  Object.assign(globalThis, { visavisLook: { scope, isShown, bodyOf, controls, nameOf, clipper } });
}

/** @typedef {{ scope(): Element, isShown(element: Element): boolean, bodyOf(element: Element): Element, controls(): Element[], nameOf(element: Element): string, clipper(element: Element, line: DOMRect): Element | 'scrolled' | null }} Look */

/** Nothing is wider than the screen, and each control can be hit and is large enough. @param {{ target: number }} wanted in px */
export function layoutFaults({ target }) {
  const look = /** @type {Look} */ (/** @type {any} */ (globalThis).visavisLook);
  /** Less than a pixel is a matter of rounding. */
  const ROUNDING = 0.51;
  const faults = [];
  const { scrollWidth } = document.documentElement;
  if (scrollWidth > innerWidth) faults.push(`the page is ${scrollWidth - innerWidth} px too wide`);
  for (const dialog of document.querySelectorAll(':modal'))
    if (dialog.scrollWidth > dialog.clientWidth) faults.push('the dialog scrolls sideways');

  const places = [document.scrollingElement, ...document.querySelectorAll('*')].map((element) => ({
    element,
    top: element?.scrollTop ?? 0,
    left: element?.scrollLeft ?? 0,
  }));
  for (const control of look.controls()) {
    const body = look.bodyOf(control);
    const { width, height } = body.getBoundingClientRect();
    // A link within a sentence is as large as its words (WCAG 2.5.8).
    const inline = getComputedStyle(control).display === 'inline';
    if (!inline && Math.min(width, height) < target - ROUNDING)
      faults.push(`${look.nameOf(control)} is ${width.toFixed(1)} by ${height.toFixed(1)} px`);
    // First, for what is scrolled to is seen even where nobody can scroll.
    const edge = look.clipper(body, body.getBoundingClientRect());
    if (edge instanceof Element)
      faults.push(`${look.nameOf(control)} is cut off by ${edge.localName}.${edge.className}`);
    body.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    const { left, top, right, bottom } = body.getBoundingClientRect();
    if (left < -1 || right > innerWidth + 1) faults.push(`${look.nameOf(control)} is beside the screen`);
    const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    // A menu covers what it closes for.
    if (hit?.closest('[popover]') !== control.closest('[popover]')) continue;
    if (!hit || !(body.contains(hit) || hit.contains(body) || control.contains(hit)))
      faults.push(`${look.nameOf(control)} is covered by ${hit ? look.nameOf(hit) : 'the edge'}`);
  }
  for (const { element, top, left } of places) {
    if (element && (element.scrollTop !== top || element.scrollLeft !== left)) element.scrollTo(left, top);
  }
  return faults;
}

/** Each line of text is there as a whole and nothing lies on it. */
export function textFaults() {
  const look = /** @type {Look} */ (/** @type {any} */ (globalThis).visavisLook);
  /** What lies over the rest of a page by intent, or stays where that is scrolled. */
  const LAYERS = 'dialog, header, [popover]';
  const faults = new Set();

  /** Whether it is only for screen readers: nothing of it is left over. @param {Element} element */
  const isUnseen = (element) => {
    for (let at = /** @type {Element | null} */ (element); at; at = at.parentElement)
      if (getComputedStyle(at).clipPath === 'inset(50%)') return true;
    return false;
  };

  /** Where the dots begin, of text that may end in such. @param {Element} element */
  const shownUntil = (element) => {
    for (let at = /** @type {Element | null} */ (element); at; at = at.parentElement)
      if (getComputedStyle(at).textOverflow === 'ellipsis') return at.getBoundingClientRect().right;
    return Infinity;
  };

  const walker = document.createTreeWalker(look.scope(), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!element || !node.textContent?.trim() || !look.isShown(element) || isUnseen(element)) continue;
    if (element.closest('option, style, script')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const words = JSON.stringify(node.textContent.trim().slice(0, 40));
    for (const line of range.getClientRects()) {
      if (line.width < 2 || line.height < 2) continue;
      const edge = look.clipper(element, line);
      if (edge === 'scrolled') continue;
      if (edge) faults.add(`${words} is cut off by ${edge.localName}.${edge.className}`);
      const right = Math.min(line.right, shownUntil(element));
      const [x, y] = [(line.left + right) / 2, (line.top + line.bottom) / 2];
      if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) continue;
      // What nobody is told of may be behind something: initials, until the picture comes.
      if (getComputedStyle(element).pointerEvents === 'none' || element.closest('[aria-hidden=true]'))
        continue;
      const hit = document.elementFromPoint(x, y);
      const label = element.closest('label');
      const related = hit && (hit.contains(element) || element.contains(hit) || label?.contains(hit));
      const below = hit?.closest(LAYERS) !== element.closest(LAYERS);
      if (hit && !related && !below) faults.add(`${words} is covered by ${look.nameOf(hit)}`);
    }
  }
  return [...faults];
}

/** In forced colours there are no backgrounds: each control has an edge, unless it is a line of text in a list of such. */
export function edgeFaults() {
  const look = /** @type {Look} */ (/** @type {any} */ (globalThis).visavisLook);
  /** @param {Element} element */
  const hasEdge = (element) => {
    const style = getComputedStyle(element);
    const filled = style.backgroundImage !== 'none' || style.backgroundColor !== 'rgba(0, 0, 0, 0)';
    return (
      (style.borderBlockEndStyle !== 'none' && parseFloat(style.borderBlockEndWidth) > 0) ||
      style.outlineStyle !== 'none' ||
      style.textDecorationLine.includes('underline') ||
      // What is its colour, such as a choice of colours, keeps it.
      (style.forcedColorAdjust === 'none' && filled)
    );
  };
  return look
    .controls()
    .filter((control) => {
      if (control.closest('summary, [popover]')) return false;
      const body = look.bodyOf(control);
      const group = control.closest('fieldset') ?? body;
      return ![body, control, group, ...body.querySelectorAll('*')].some(hasEdge);
    })
    .map((control) => `${look.nameOf(control)} has no edge in forced colours`);
}

/** Waits until whatever moves by itself and comes to rest has done so. */
export async function comesToRest() {
  const passing = document
    .getAnimations()
    .filter((animation) => animation.effect?.getComputedTiming().iterations !== Infinity);
  await Promise.allSettled(passing.map((animation) => animation.finished));
}

/** Who wants less motion sees nothing that moves; what turns to say that something goes on is slow. */
export function motionFaults() {
  const MOVING = ['transform', 'translate', 'scale', 'rotate', 'left', 'top'];
  /** Slower than this, something that turns disturbs nobody, in ms. */
  const SLOW = 3_000;
  return document.getAnimations().flatMap((animation) => {
    const effect = /** @type {KeyframeEffect} */ (animation.effect);
    const { duration, iterations } = effect.getComputedTiming();
    const moves = effect
      .getKeyframes()
      .some((frame) => MOVING.some((way) => way in frame && frame[way] !== 'none'));
    const slow = iterations === Infinity && Number(duration) >= SLOW;
    return animation.playState === 'running' && moves && Number(duration) > 0 && !slow
      ? [`${effect.target?.className} moves where less motion is wanted`]
      : [];
  });
}

/** What the Tab key has to reach, by number; of radio buttons of one name one is enough. */
export function listControls() {
  const look = /** @type {Look} */ (/** @type {any} */ (globalThis).visavisLook);
  const groups = new Set();
  return look.controls().flatMap((control, number) => {
    control.setAttribute('data-visavis-look', String(number));
    if (control.getAttribute('tabindex') === '-1') return [];
    if (control instanceof HTMLInputElement && control.type === 'radio') {
      if (groups.has(control.name)) return [];
      groups.add(control.name);
      return [{ number: `radio ${control.name}`, name: look.nameOf(control) }];
    }
    return [{ number: String(number), name: look.nameOf(control) }];
  });
}

/** What has the focus, and what is wrong with how that is shown. */
export function focused() {
  const look = /** @type {Look} */ (/** @type {any} */ (globalThis).visavisLook);
  const element = document.activeElement;
  if (!element || element === document.body || !element.hasAttribute('data-visavis-look')) return null;
  const body = look.bodyOf(element);
  const around = [element, body, ...body.querySelectorAll('*'), element.parentElement ?? body];
  const ringed = around.some((each) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(each);
    return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
  });
  const { left, top, right, bottom } = body.getBoundingClientRect();
  const inside = right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
  const radio = element instanceof HTMLInputElement && element.type === 'radio';
  const name = look.nameOf(element);
  return {
    number: radio ? `radio ${element.name}` : String(element.getAttribute('data-visavis-look')),
    faults: [
      ...(ringed ? [] : [`${name} does not show that it has the focus`]),
      ...(inside ? [] : [`${name} has the focus outside of the screen`]),
    ],
  };
}
