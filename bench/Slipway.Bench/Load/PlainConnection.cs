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
    public double Call(ReadOnlySpan<byte> request) => Call(request, Stopwatch.GetTimestamp());

    /// <summary>Sends a request that was due at a time, and waits for its answer.</summary>
    /// <returns>Seconds since the request was due.</returns>
    /// <exception cref="InvalidOperationException">The server closed the connection, or its answer is not a success.</exception>
    public double Call(ReadOnlySpan<byte> request, long due)
    {
        _socket.Send(request);
        int received = 0;
        do
        {
            int read = _socket.Receive(_answer.AsSpan(received));
            received += read > 0 ? read : throw new InvalidOperationException("the server closed a connection");
        }
        while (!IsWhole(_answer.AsSpan(0, received)));

        return Stopwatch.GetElapsedTime(due).TotalSeconds;
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
