/** Loaded before everything else, in each thread: collects all garbage now and then, so that whatever may move does. */
const { gc: collect } = globalThis as { gc?: () => void }
if (collect === undefined) throw new Error('node must be started with --expose-gc')
setInterval(collect, 500 + Math.random() * 1000).unref()
