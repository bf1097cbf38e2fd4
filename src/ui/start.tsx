// ui: what the person sees; speaks the protocol like any other client. This file: what every page of the
// extension begins with.

import './theme.css'
import { render, type VNode } from 'preact'
import { watchSecrets } from './secretsStamp.ts'
import { watchStatus } from './status.ts'
import { isToolbarPopup } from './toolbarPopup.ts'

export function start(view: VNode): void {
  if (isToolbarPopup()) document.documentElement.classList.add('toolbar-popup')
  watchStatus()
  watchSecrets()
  const root = document.getElementById('app')
  if (root) render(view, root)
}
