import { flushSync, mount } from 'svelte';
import type { App } from '../call/app';
import AppView from './App.svelte';
import { followLook } from './look';

/** Shows the app in this element, for as long as the page lives. */
export function show(app: App, target: Element): void {
  followLook(app);
  mount(AppView, { target, props: { app } });
  // What the view does once it is there is part of showing it, and not of what the app does next.
  flushSync();
}
