import { mount } from 'svelte';
import type { App } from '../call/app';
import AppView from './App.svelte';

/** Shows the app in this element, for as long as the page lives. */
export function show(app: App, target: Element): void {
  mount(AppView, { target, props: { app } });
}
