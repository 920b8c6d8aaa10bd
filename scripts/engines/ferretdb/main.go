// Command ferretdb runs FerretDB v1 over SQLite on a free loopback port and prints its mongodb:// address as its only
// line on standard output. It uses FerretDB's embeddable package, because a plain `go build` of FerretDB's own command
// stops at start for want of files which only its release process generates. Commands reach it one at a time (see
// one_at_a_time.go). For testing only: no authentication.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"os/signal"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: ferretdb <data directory>")
		os.Exit(2)
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	server, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: "127.0.0.1:0"},
		Logger:    slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
		Handler:   "sqlite",
		SQLiteURL: "file:" + os.Args[1] + "/",
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}

	go func() { fmt.Println(queued(server.MongoDBURI())) }()

	if err := server.Run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// queued answers the address at which commands are passed on one at a time.
func queued(uri string) string {
	server, err := url.Parse(uri)
	if err != nil {
		panic(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go (&oneAtATime{server: server.Host}).serve(listener)
	server.Host = listener.Addr().String()
	return server.String()
}
