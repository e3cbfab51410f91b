import { App } from './call/app';
import { browserPlatform } from './platform/browser';
import { desktopPlatform, isDesktop, nativePeer } from './platform/desktop';
import { t } from './messages';
import { show } from './view/mount';

/** Not at the top level of the module: Vite would then make two files of what every page needs. */
async function begin(target: Element): Promise<void> {
  const [platform] = await Promise.all([isDesktop() ? desktopPlatform() : browserPlatform(), bringWebRtc()]);
  const app = new App(platform, () => t('lobby.guest'));
  show(app, target);
  await app.start();
}

/** A webview without WebRTC gets it from the app, if that offers it. */
async function bringWebRtc(): Promise<void> {
  if (typeof RTCPeerConnection === 'function' || !window.visavisNativePeer) return;
  const { installNative } = await import('./webrtc/native');
  installNative(nativePeer);
}

const target = document.getElementById('app');
if (target) void begin(target);
