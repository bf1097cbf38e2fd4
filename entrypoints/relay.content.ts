import { defineContentScript } from 'wxt/utils/define-content-script'
import { startRelay } from '../src/relay/relay.ts'

export default defineContentScript({
  matches: ['http://*/*', 'https://*/*'],
  allFrames: true,
  runAt: 'document_start',
  main: startRelay,
})
