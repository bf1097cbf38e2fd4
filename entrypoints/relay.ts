import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script'
import { startRelay } from '../src/relay/relay.ts'

// Not WXT's content script: that announces itself to the page by an event and a message, and nobody who
// was not invited may notice us. wxt.config.ts lists it in the manifest.
export default defineUnlistedScript(startRelay)
