import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte()],
  // The same files are served from tauri://localhost and from https://ADDRESS:PORT/.
  base: './',
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // Current browsers and WebKitGTK 2.50.
    target: 'es2022',
    // All of them know light-dark(), which would otherwise be taken apart.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // The Content-Security-Policy allows neither inline scripts nor data: URLs for code and styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The server keeps these files in memory and in its binary.
    reportCompressedSize: false,
  },
  server: {
    // Tests read the examples of the protocol, which lie beside the Rust crate.
    fs: { allow: ['.', '../crates/protocol/golden'] },
  },
  test: {
    include: ['src/**/*.test.ts'],
    environment: 'node',
  },
});
