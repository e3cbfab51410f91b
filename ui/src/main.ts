import { App } from './call/app';
import { browserPlatform } from './platform/browser';
import { desktopPlatform, isDesktop } from './platform/desktop';
import { t } from './messages';
import { show } from './view/mount';

const target = document.getElementById('app');
if (target) {
  const app = new App(isDesktop() ? desktopPlatform() : browserPlatform(), t('lobby.guest'));
  show(app, target);
  void app.start();
}
