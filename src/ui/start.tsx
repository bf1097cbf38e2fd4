// ui: what the person sees; speaks the protocol like any other client. This file: what every page of the
// extension begins with.

import './theme.css'
import { render, type VNode } from 'preact'
import { browser } from 'wxt/browser'
import { watchSecrets } from './secretsStamp.ts'
import { watchStatus } from './status.ts'

export function start(view: VNode): void {
  if (isToolbarPopup()) document.documentElement.classList.add('toolbar-popup')
  watchStatus()
  watchSecrets()
  const root = document.getElementById('app')
  if (root) render(view, root)
}

/**
 * A toolbar popup takes its size from its content; a tab or a window of its own has one already. Firefox gives
 * pages of the extension that stand in a web page no views.
 */
const isToolbarPopup = (): boolean =>
  browser.extension.getViews?.({ type: 'popup' }).includes(globalThis.window) ?? false
