using System.Security.Cryptography;
using Slipway.Core;

namespace Slipway.Trust.Encryption;

/// <summary>Changes the key that data keys are wrapped with. Blobs are not touched.</summary>
public static class KeyRotation
{
    /// <summary>Wraps every data key that is wrapped with another key than the present one anew. May be stopped and run again at any time, also while a server runs.</summary>
    /// <param name="envelopes">The envelopes.</param>
    /// <param name="wrapper">Has the present key, and those that are in use.</param>
    /// <param name="cancellationToken">Stops between two envelopes.</param>
    /// <returns>Envelopes wrapped anew, and all there are.</returns>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.Internal"/>: a key is missing or an envelope damaged; those before it are done.</exception>
    public static async Task<(int Rewrapped, int All)> RunAsync(IEnvelopeStore envelopes, IKeyWrapper wrapper, CancellationToken cancellationToken)
    {
        (int rewrapped, int all) = (0, 0);
        await foreach (Sha256Digest content in envelopes.ListAsync(cancellationToken))
        {
            if (await envelopes.FindAsync(content, cancellationToken) is not { } envelope)
            {
                continue;
            }

            all++;
            if (envelope.KeyId == wrapper.KeyId)
            {
                continue;
            }

            byte[] dataKey = await wrapper.UnwrapAsync(envelope.KeyId, envelope.WrappedKey, cancellationToken);
            try
            {
                envelope.RequireProof(dataKey, content);
                await envelopes.ReplaceAsync(envelope with { KeyId = wrapper.KeyId, WrappedKey = await wrapper.WrapAsync(dataKey, cancellationToken) }, cancellationToken);
                rewrapped++;
            }
            finally
            {
                CryptographicOperations.ZeroMemory(dataKey);
            }
        }

        return (rewrapped, all);
    }
}
