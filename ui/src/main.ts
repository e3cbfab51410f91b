import { App } from './call/app';
import { browserPlatform } from './platform/browser';
import { desktopPlatform, isDesktop } from './platform/desktop';
import { t } from './messages';
import { show } from './view/mount';

const target = document.getElementById('app');
if (target) {
  const platform = isDesktop() ? await desktopPlatform() : browserPlatform();
  const app = new App(platform, () => t('lobby.guest'));
  show(app, target);
  void app.start();
}
