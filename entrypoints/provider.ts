import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script'
import { version } from '../package.json'
import { installProvider } from '../src/provider/provider.ts'

export default defineUnlistedScript(() => {
  // A frame does not know whose it is; its relay does.
  installProvider(version, import.meta.env.FIREFOX || window !== window.top)
})
