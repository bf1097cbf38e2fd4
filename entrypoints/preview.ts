import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script'
import { startPreview } from '../src/preview/preview.ts'

export default defineUnlistedScript(startPreview)
