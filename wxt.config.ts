import { defineConfig } from 'wxt'
import { standalonePlugin } from './scripts/standalone.ts'

// The manifest and the build. Nothing here decides anything about security at run time except the
// content security policy and the permissions, both pinned by tests/architecture.

const contentSecurityPolicy = [
  "default-src 'none'",
  // Argon2id runs as WebAssembly (hash-wasm); no other script source exists.
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  // PDFs are drawn in a frame of Keyhearth's own without rights (src/preview).
  "frame-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  // Web pages can frame what the manifest lists for them, which is the overlay, and nothing else.
  "frame-ancestors 'self' http: https:",
  // No text becomes code or markup, not even by mistake.
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

export default defineConfig({
  imports: false,
  publicDir: 'assets/static',
  vite: () => ({
    plugins: [standalonePlugin()],
    // Constants stay where they are: the list of public suffixes (tldts) would be written out three times.
    build: { rolldownOptions: { optimization: { inlineConst: false } } },
  }),
  modules: ['@wxt-dev/i18n/module'],
  manifestVersion: 3,
  manifest: ({ browser, command }) => ({
    name: '__MSG_extension_name__',
    short_name: 'Keyhearth',
    description: '__MSG_extension_description__',
    default_locale: 'en',
    icons: {
      16: 'icon/16.png',
      32: 'icon/32.png',
      48: 'icon/48.png',
      128: 'icon/128.png',
    },
    permissions: [
      'storage',
      'unlimitedStorage',
      'scripting',
      'contextMenus',
      'idle',
      'alarms',
      'activeTab',
      'clipboardRead',
      'clipboardWrite',
      ...(browser === 'firefox' ? [] : ['offscreen']),
    ],
    host_permissions: ['http://*/*', 'https://*/*'],
    content_scripts: [
      {
        matches: ['http://*/*', 'https://*/*'],
        all_frames: true,
        // Frames without an address of their own (srcdoc, about:blank), by the origin they have from whoever made
        // them. They are read in, and hold no connection (relay).
        match_origin_as_fallback: true,
        run_at: 'document_start',
        js: ['relay.js'],
      },
    ],
    web_accessible_resources: [
      {
        resources: ['overlay.html'],
        matches: ['http://*/*', 'https://*/*'],
        // Its address is another in each session; Firefox's is another for each person anyway.
        ...(browser === 'firefox' ? {} : { use_dynamic_url: true }),
      },
    ],
    options_ui: { page: 'manager.html', open_in_tab: true },
    commands: {
      lock: {
        description: '__MSG_command_lock__',
        suggested_key: { default: 'Alt+Shift+L' },
      },
      compose: {
        description: '__MSG_command_compose__',
        suggested_key: { default: 'Alt+Shift+E' },
      },
    },
    // The development server of `wxt` needs its own, looser policy.
    ...(command === 'serve'
      ? {}
      : { content_security_policy: { extension_pages: contentSecurityPolicy } }),
    ...(browser === 'firefox'
      ? {
          browser_specific_settings: {
            gecko: {
              id: 'keyhearth@keyhearth.example',
              strict_min_version: '142.0',
              data_collection_permissions: { required: ['none'] },
            },
          },
        }
      : {
          minimum_chrome_version: '148',
          // Bytes cross messages as bytes (Chromium 148); Firefox always did so.
          message_serialization: 'structured_clone',
        }),
  }),
})
