import { defineBackground } from 'wxt/utils/define-background'
import { startBackground } from '../src/gate/service.ts'

export default defineBackground(startBackground)
