using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Slipway.Bench.Load;

/// <summary>An HTTP/1.1 connection with system calls and nothing around them, so that the load takes as little as can be of what it shares with the server.</summary>
internal sealed class PlainConnection : IDisposable
{
    private const int AnswerLimit = 64 * 1024;
    private static readonly byte[] EndOfHead = "\r\n\r\n"u8.ToArray();

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _answer = new byte[AnswerLimit];
    private int _received;
    private long _due;

    public PlainConnection(Uri server)
    {
        _socket.Connect(new IPEndPoint(IPAddress.Parse(server.Host), server.Port));
    }

    /// <summary>The whole request that a plan asks for.</summary>
    public static byte[] Request(LoadPlan plan)
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

    /// <summary>Sends a request and waits for its answer.</summary>
    /// <returns>How long it took, in seconds.</returns>
    /// <exception cref="InvalidOperationException">The server closed the connection, or its answer is not a success.</exception>
    public double Call(ReadOnlySpan<byte> request)
    {
        _due = Stopwatch.GetTimestamp();
        _received = 0;
        _socket.Send(request);
        double latency;
        while (!TryReceive(out latency))
        {
        }

        return latency;
    }

    /// <summary>Sends a request that was due at a time, and doesn't wait.</summary>
    public void Send(byte[] request, long due)
    {
        _due = due;
        _received = 0;
        _socket.Blocking = true;
        _socket.Send(request);
        _socket.Blocking = false;
    }

    /// <summary>Takes what has come, after waiting for some of it where the connection waits.</summary>
    /// <param name="latency">Seconds since the request was due, once the answer is whole.</param>
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
