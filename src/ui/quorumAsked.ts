// ui: what the person sees; speaks the protocol like any other client. This file: that something just pressed has to
// wait for the approval of several people, so that the manager can lead there.

import { signal } from '@preact/signals'

export const quorumAsked = signal(false)
