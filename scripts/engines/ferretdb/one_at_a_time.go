package main

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync"
)

const (
	headerSize  = 16
	maxMessage  = 48_000_000
	opMsg       = 2013
	flagsSize   = 4
	noReplyFlag = 1 << 1 // moreToCome of a request (OP_MSG, "Flag Bits")
)

// oneAtATime passes the commands of all clients on to the server one after the other. FerretDB over SQLite finds and
// changes in two steps, so that of two clients who take the same lease at once both get it; MongoDB promises one step,
// and with one command at a time FerretDB keeps the promise.
type oneAtATime struct {
	server string
	turn   sync.Mutex
}

// serve takes clients until the listener is closed.
func (p *oneAtATime) serve(listener net.Listener) {
	for {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer client.Close()
			upstream, err := net.Dial("tcp", p.server)
			if err != nil {
				return
			}
			defer upstream.Close()
			for p.pass(client, upstream) == nil {
			}
		}()
	}
}

// pass hands one request on and its reply back. Waiting for the request, and for a slow client, holds nobody up.
func (p *oneAtATime) pass(client, upstream net.Conn) error {
	request, err := readMessage(client)
	if err != nil {
		return err
	}
	reply, err := p.ask(upstream, request)
	if err != nil {
		return err
	}
	_, err = client.Write(reply)
	return err
}

func (p *oneAtATime) ask(upstream net.Conn, request []byte) ([]byte, error) {
	p.turn.Lock()
	defer p.turn.Unlock()
	if _, err := upstream.Write(request); err != nil || !wantsReply(request) {
		return nil, err
	}
	return readMessage(upstream)
}

func wantsReply(request []byte) bool {
	if binary.LittleEndian.Uint32(request[12:]) != opMsg || len(request) < headerSize+flagsSize {
		return true
	}
	return binary.LittleEndian.Uint32(request[headerSize:])&noReplyFlag == 0
}

// readMessage reads one message of the wire protocol: every one begins with its length.
func readMessage(from io.Reader) ([]byte, error) {
	header := make([]byte, headerSize)
	if _, err := io.ReadFull(from, header); err != nil {
		return nil, err
	}
	length := binary.LittleEndian.Uint32(header)
	if length < headerSize || length > maxMessage {
		return nil, errors.New("impossible message length")
	}
	message := make([]byte, length)
	copy(message, header)
	_, err := io.ReadFull(from, message[headerSize:])
	return message, err
}
