import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script'
import { handOverVerifier } from '../src/provider/verifier.ts'

// Called within: the build reads this file in Node, which has not all that browsers have.
export default defineUnlistedScript(() => handOverVerifier())
