import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script'
import { beQuiet } from '../src/relay/quiet.ts'

export default defineUnlistedScript(beQuiet)
