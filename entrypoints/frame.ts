import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script'
import { arriveInFrame } from '../src/relay/frame.ts'

export default defineUnlistedScript(arriveInFrame)
