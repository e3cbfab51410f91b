// How a page may look to a person: on which screen, in which colours, in which language, with which text size.

/**
 * @typedef {object} Appearance
 * @property {keyof typeof SCREENS} screen
 * @property {'light' | 'dark'} scheme
 * @property {keyof typeof LANGUAGES} language
 */

export const SCREENS = {
  desktop: { width: 1280, height: 800 },
  phone: { width: 390, height: 844 },
  landscape: { width: 844, height: 390 },
  /** A window beside another, or the screen of an old machine. */
  small: { width: 800, height: 600 },
};

/** Those for fingers, without a mouse. @type {readonly string[]} */
const HELD = ['phone', 'landscape'];

/** What the browser then says that its person reads. */
const LANGUAGES = { en: 'en-US,en', 'zh-Hans': 'zh-CN,zh' };

const SCHEMES = /** @type {const} */ (['light', 'dark']);

/** Each as text, in every scheme and language; a phone that lies on its side in two, a small screen in one. @type {Appearance[]} */
export const APPEARANCES = [
  .../** @type {const} */ (['desktop', 'phone']).flatMap((screen) =>
    /** @type {const} */ (['en', 'zh-Hans']).flatMap((language) =>
      SCHEMES.map((scheme) => ({ screen, scheme, language })),
    ),
  ),
  { screen: 'landscape', scheme: 'light', language: 'en' },
  { screen: 'landscape', scheme: 'dark', language: 'zh-Hans' },
  { screen: 'small', scheme: 'light', language: 'en' },
];

/** The size of text that a browser begins with, in px, and of text of even width. */
const PLAIN_TEXT = { standard: 16, fixed: 13 };

/** A page whose appearance can be changed while it lives. */
export class Wardrobe {
  /** @param {import('playwright-core').Page} page @param {import('playwright-core').CDPSession} devtools @param {string} agent */
  constructor(page, devtools, agent) {
    this.page = page;
    this.devtools = devtools;
    this.agent = agent;
    /** @type {Partial<Appearance>} */
    this.worn = {};
  }

  /** @param {import('playwright-core').Page} page */
  static async of(page) {
    const devtools = await page.context().newCDPSession(page);
    return new Wardrobe(page, devtools, await page.evaluate('navigator.userAgent'));
  }

  /** @param {Appearance} appearance */
  async wear({ screen, scheme, language }) {
    if (this.worn.screen !== screen) await this.#hold(screen);
    if (this.worn.language !== language) await this.#speak(language);
    if (this.worn.scheme !== scheme) await this.page.emulateMedia({ colorScheme: scheme });
    this.worn = { screen, scheme, language };
    await this.#isDrawn();
  }

  /** What the person has set for all pages. @param {Parameters<import('playwright-core').Page['emulateMedia']>[0]} media */
  async prefer(media) {
    await this.page.emulateMedia(media);
    await this.#isDrawn();
  }

  /** Makes the text so many times as large, as the browser's own setting does. @param {number} times */
  async enlarge(times) {
    const fontSizes = { standard: PLAIN_TEXT.standard * times, fixed: PLAIN_TEXT.fixed * times };
    await this.devtools.send('Page.setFontSizes', { fontSizes });
    await this.#isDrawn();
  }

  /** @param {Appearance['screen']} screen */
  async #hold(screen) {
    await this.page.setViewportSize(SCREENS[screen]);
    // Fingers point less exactly: the page is told of them.
    const enabled = HELD.includes(screen);
    await this.devtools.send('Emulation.setTouchEmulationEnabled', { enabled });
    await this.page.evaluate(hasMouse, !enabled);
  }

  /** @param {Appearance['language']} language */
  async #speak(language) {
    await this.devtools.send('Emulation.setUserAgentOverride', {
      userAgent: this.agent,
      acceptLanguage: LANGUAGES[language],
    });
    await this.page.evaluate(() => window.dispatchEvent(new Event('languagechange')));
    await this.page.locator(`html[lang=${language}]`).waitFor({ state: 'attached' });
  }

  /** Two frames: in the first one the page learns of it, after the second one it is painted. */
  async #isDrawn() {
    await this.page.evaluate(
      () =>
        new Promise((resolve) =>
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(undefined))),
        ),
    );
  }
}

/**
 * Runs in the page. Whoever has no fingers there has a mouse: a browser that was told of a finger once says ever after
 * what the machine has, and this one has neither.
 *
 * @param {boolean} has
 */
function hasMouse(has) {
  const TOUCHED = '(hover: none)';
  const scope = /** @type {{ touchRules?: Set<CSSMediaRule> }} */ (globalThis);
  scope.touchRules ??= new Set();
  for (const rule of [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]))
    if (rule instanceof CSSMediaRule && rule.media.mediaText === TOUCHED) scope.touchRules.add(rule);
  for (const { media } of scope.touchRules) media.mediaText = has ? 'not all' : TOUCHED;
}
