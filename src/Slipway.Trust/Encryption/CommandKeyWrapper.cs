using System.ComponentModel;
using System.Diagnostics;
using Slipway.Core;

namespace Slipway.Trust.Encryption;

/// <summary>
/// Wraps data keys with a program, which speaks to a key management service: it is started as <c>PROGRAM wrap|unwrap KEYID</c>, gets base64 on its standard input and
/// answers base64 on its standard output, with exit status 0. Data keys never stand in its arguments.
/// </summary>
/// <param name="program">Path of the program.</param>
/// <param name="keyId">Name of the present key.</param>
/// <param name="time">The clock.</param>
internal sealed class CommandKeyWrapper(string program, string keyId, TimeProvider time) : IKeyWrapper
{
    private const int MostCharacters = 1 << 16;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public string KeyId => keyId;

    /// <inheritdoc/>
    public ValueTask<byte[]> WrapAsync(ReadOnlyMemory<byte> dataKey, CancellationToken cancellationToken) => RunAsync("wrap", keyId, dataKey, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<byte[]> UnwrapAsync(string keyId, ReadOnlyMemory<byte> wrapped, CancellationToken cancellationToken) => RunAsync("unwrap", keyId, wrapped, cancellationToken);

    private async ValueTask<byte[]> RunAsync(string operation, string key, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(program, [operation, key]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        using CancellationTokenSource limit = new(Limit, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using Process process = Process.Start(start) ?? throw Failed(operation, key, "it can't be started");
            try
            {
                await TellAsync(process.StandardInput, Convert.ToBase64String(input.Span), either.Token);
                char[] answer = new char[MostCharacters];
                int length = await process.StandardOutput.ReadBlockAsync(answer, either.Token);
                await process.WaitForExitAsync(either.Token);
                return process.ExitCode == 0 ? Convert.FromBase64String(new string(answer, 0, length).Trim()) : throw Failed(operation, key, $"it ended with status {process.ExitCode}");
            }
            finally
            {
                if (!process.HasExited)
                {
                    process.Kill(entireProcessTree: true);
                }
            }
        }
        catch (Exception fault) when (fault is Win32Exception or IOException or FormatException)
        {
            throw Failed(operation, key, fault is FormatException ? "its answer is not base64" : "it can't be run", fault);
        }
        catch (OperationCanceledException fault) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failed(operation, key, $"it did not answer within {Limit.TotalSeconds} seconds", fault);
        }
    }

    // A program that refuses the key may end before it has read its input: its exit status says why, not the broken pipe.
    private static async Task TellAsync(StreamWriter input, string text, CancellationToken cancellationToken)
    {
        try
        {
            await using (input)
            {
                await input.WriteLineAsync(text.AsMemory(), cancellationToken);
            }
        }
        catch (IOException)
        {
        }
    }

    private static SlipwayException Failed(string operation, string key, string why, Exception? fault = null) =>
        new(ErrorCode.Internal, $"the key program can't {operation} with the key '{key}': {why}", fault);
}
