import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script'
import { handOverFormats } from '../src/provider/formats.ts'

export default defineUnlistedScript(handOverFormats)
