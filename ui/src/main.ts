import { App } from './call/app';
import { browserPlatform } from './platform/browser';
import { desktopPlatform, isDesktop } from './platform/desktop';
import { t } from './messages';
import { show } from './view/mount';

/** Not at the top level of the module: Vite would then make two files of what every page needs. */
async function begin(target: Element): Promise<void> {
  const platform = isDesktop() ? await desktopPlatform() : browserPlatform();
  const app = new App(platform, () => t('lobby.guest'));
  show(app, target);
  await app.start();
}

const target = document.getElementById('app');
if (target) void begin(target);
