import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script'
import { version } from '../package.json'
import { installProvider } from '../src/provider/provider.ts'

export default defineUnlistedScript(() => {
  // A frame may have lost its rights by now; its relay asks.
  installProvider(version, import.meta.env.FIREFOX || window !== window.top)
})
