using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Slipway.Bench.Measuring;

namespace Slipway.Bench.Load;

/// <summary>
/// HTTP/1.1 at a fixed rate: requests are due by the clock, and a latency counts from when its request was due, not from when a free connection
/// was found. One thread polls all sockets, so that no timer's coarseness is measured; it takes a core.
/// </summary>
internal static class OpenLoop
{
    private const int AnswerLimit = 64 * 1024;
    private static readonly byte[] EndOfHead = "\r\n\r\n"u8.ToArray();

    /// <summary>Makes the load on the calling thread.</summary>
    public static LoadResult Run(LoadPlan plan, double rate, double seconds)
    {
        byte[] request = Request(plan);
        Stack<Connection> free = new(Enumerable.Range(0, plan.Connections).Select(_ => new Connection(plan.Url)));
        List<Connection> busy = [];
        Queue<long> due = [];
        List<double> latencies = [];
        double interval = Stopwatch.Frequency / rate;
        long began = Stopwatch.GetTimestamp();
        long end = began + (long)(seconds * Stopwatch.Frequency);
        double next = began;
        while (busy.Count > 0 || due.Count > 0 || next < end)
        {
            for (long now = Stopwatch.GetTimestamp(); next <= now && next < end; next += interval)
            {
                due.Enqueue((long)next);
            }

            while (due.Count > 0 && free.TryPop(out Connection? connection))
            {
                connection.Send(request, due.Dequeue());
                busy.Add(connection);
            }

            for (int i = busy.Count - 1; i >= 0; i--)
            {
                if (busy[i].TryReceive(out double latency))
                {
                    latencies.Add(latency);
                    free.Push(busy[i]);
                    busy.RemoveAt(i);
                }
            }
        }

        double took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        while (free.TryPop(out Connection? connection))
        {
            connection.Dispose();
        }

        return new LoadResult(
            latencies.Count,
            0,
            took,
            TimeSpan.FromSeconds(Statistics.Percentile(latencies, 0.5)),
            TimeSpan.FromSeconds(Statistics.Percentile(latencies, 0.99)));
    }

    private static byte[] Request(LoadPlan plan)
    {
        byte[] body = File.ReadAllBytes(plan.BodyFile);
        StringBuilder head = new();
        head.Append(CultureInfo.InvariantCulture, $"POST {plan.Url.PathAndQuery} HTTP/1.1\r\nHost: {plan.Url.Authority}\r\nContent-Length: {body.Length}\r\n");
        foreach ((string name, string value) in plan.Headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        return [.. Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), .. body];
    }

    private sealed class Connection : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        private readonly byte[] _answer = new byte[AnswerLimit];
        private int _received;
        private long _due;

        public Connection(Uri server)
        {
            _socket.Connect(new IPEndPoint(IPAddress.Parse(server.Host), server.Port));
        }

        public void Send(byte[] request, long due)
        {
            _due = due;
            _received = 0;
            _socket.Blocking = true;
            _socket.Send(request);
            _socket.Blocking = false;
        }

        /// <exception cref="InvalidOperationException">The server closed the connection, or its answer is not a success.</exception>
        public bool TryReceive(out double latency)
        {
            latency = 0;
            int read = _socket.Receive(_answer.AsSpan(_received), SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock)
            {
                return false;
            }

            _received += error == SocketError.Success && read > 0 ? read : throw new InvalidOperationException("the server closed a connection");
            if (!IsWhole(_answer.AsSpan(0, _received)))
            {
                return false;
            }

            latency = Stopwatch.GetElapsedTime(_due).TotalSeconds;
            return true;
        }

        public void Dispose() => _socket.Dispose();

        private static bool IsWhole(ReadOnlySpan<byte> answer)
        {
            int head = answer.IndexOf(EndOfHead);
            if (head < 0)
            {
                return false;
            }

            if (!answer.StartsWith("HTTP/1.1 200"u8))
            {
                throw new InvalidOperationException($"an answer was {Encoding.ASCII.GetString(answer[..Math.Min(answer.Length, 40)])}");
            }

            ReadOnlySpan<byte> name = "Content-Length: "u8;
            int at = answer[..head].IndexOf(name);
            ReadOnlySpan<byte> digits = answer[(at + name.Length)..];
            return at >= 0
                ? answer.Length >= head + EndOfHead.Length + int.Parse(digits[..digits.IndexOf((byte)'\r')], CultureInfo.InvariantCulture)
                : answer.EndsWith("0\r\n\r\n"u8);
        }
    }
}
