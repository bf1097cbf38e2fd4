import { listenForClear } from '../../src/gate/offscreen.ts'

listenForClear()
