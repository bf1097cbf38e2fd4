import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script'
import { version } from '../package.json'
import { installProvider } from '../src/provider/provider.ts'

export default defineUnlistedScript(() => {
  installProvider(version, import.meta.env.FIREFOX)
})
