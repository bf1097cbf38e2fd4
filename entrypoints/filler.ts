import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script'
import { fillHere } from '../src/relay/filling.ts'

export default defineUnlistedScript(() => void fillHere())
