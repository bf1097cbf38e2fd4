// ui: what the person sees; speaks the protocol like any other client. This file: what every page of the
// extension begins with.

import './theme.css'
import { render, type VNode } from 'preact'
import { watchStatus } from './status.ts'

export function start(view: VNode): void {
  watchStatus()
  const root = document.getElementById('app')
  if (root) render(view, root)
}
