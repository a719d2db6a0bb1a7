using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Slipway.Security.Tests.Attacks;

/// <summary>A connection on which every byte is the test's own: clients of the framework would put paths and headers in order first.</summary>
internal static class RawConnection
{
    /// <summary>Sends bytes and reads until the server closes, which it does after a refusal, or because it was asked to; gives up after a while.</summary>
    public static async Task<string> SendAsync(Uri listener, string request)
    {
        using TcpClient client = new();
        await client.ConnectAsync(listener.Host, listener.Port);
        await using NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        using MemoryStream answer = new();
        try
        {
            await stream.CopyToAsync(answer, patience.Token);
        }
        catch (Exception end) when (end is IOException or OperationCanceledException)
        {
            // Reset, or left open: what came before counts.
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }

    /// <summary>Status codes of all answers in what came back.</summary>
    public static int[] StatusesOf(string answers) =>
    [
        .. answers.Split("HTTP/1.1 ").Skip(1).Select(static answer => int.Parse(answer.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture)),
    ];
}
