import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script'
import { startReader } from '../src/reader/reader.ts'

export default defineUnlistedScript(startReader)
