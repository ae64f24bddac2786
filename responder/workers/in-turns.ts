/**
 * Takes messages in the order in which they come, and after each that costs something lets others have a turn: those who
 * wait for an answer, while a large zone is loaded.
 */
export function inTurns<Message>(
  take: (message: Message) => void,
  isCostly: (message: Message) => boolean,
): (message: Message) => void {
  const waiting: Message[] = []
  let turn: NodeJS.Immediate | undefined

  function proceed(): void {
    turn = undefined
    while (waiting.length > 0 && turn === undefined) {
      const message = waiting.shift() as Message
      if (isCostly(message)) turn = setImmediate(proceed)
      take(message)
    }
  }

  return (message) => {
    waiting.push(message)
    if (turn === undefined) proceed()
  }
}
