import { App } from './call/app';
import { browserPlatform } from './platform/browser';
import { desktopPlatform, isDesktop } from './platform/desktop';
import { show } from './view/mount';

const target = document.getElementById('app');
if (target) {
  const app = new App(isDesktop() ? desktopPlatform() : browserPlatform());
  show(app, target);
  void app.start();
}
