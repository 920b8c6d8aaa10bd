import type { Socket } from 'node:net';
import { errorReply, runCommand } from '../commands/run-command.js';
import type { Session } from '../commands/command-table.js';
import { MongoFault } from '../mongo-fault.js';
import { isLegacyMessage, parseMessage, replyTo, type Request, requestIdOf } from './message.js';
import { MessageFramer } from './message-framer.js';

/** Reads a message; one that cannot be read is answered with the reason instead. */
function parsed(message: Buffer): Request | MongoFault {
  try {
    return parseMessage(message);
  } catch (error) {
    return error instanceof MongoFault ? error : new MongoFault(17, 'malformed message');
  }
}

function answer(message: Buffer, session: Session, report: (error: unknown) => void): Buffer[] {
  const request = parsed(message);
  if (request instanceof MongoFault)
    return replyTo(requestIdOf(message), isLegacyMessage(message), errorReply(request));
  const reply = runCommand(request, session, report);
  return request.wantsReply ? replyTo(request.requestId, request.isLegacy, reply) : [];
}

/**
 * Serves one client: its messages one after another, each answered before the next is looked at.
 * @param report told of errors that are not the client's
 */
export function serveConnection(socket: Socket, session: Session, report: (error: unknown) => void): void {
  const framer = new MessageFramer();
  socket.setNoDelay(true);
  socket.on('data', (chunk: Buffer) => {
    try {
      for (const message of framer.push(chunk)) {
        const pieces = answer(message, session, report);
        socket.cork();
        for (const piece of pieces) socket.write(piece);
        socket.uncork();
      }
    } catch (error) {
      report(error);
      socket.destroy();
    }
  });
  // A client that goes away in the middle of something is no news; its cursors end by their idle time
  socket.on('error', () => socket.destroy());
}
