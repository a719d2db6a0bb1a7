using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Trust.Bundles;
using Slipway.Trust.Staging;

namespace Slipway.Trust.Policy;

/// <summary>
/// Lets a version be loaded when the policy finds its signature good enough. Files are copied while they are hashed, and the copies are what is read on:
/// no parser sees a byte that was not verified. Refusals go to the audit log.
/// </summary>
/// <param name="policy">What is asked of signatures.</param>
/// <param name="stagingFolder">Where private copies of large files are made; null: the system's folder for temporary files.</param>
/// <param name="audit">Keeps refusals; null: nobody does.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of what passes though it is not as asked.</param>
public sealed partial class SignatureGate(SignaturePolicy policy, string? stagingFolder, IAuditSink? audit, TimeProvider time, ILogger<SignatureGate> logger) : IModelGate
{
    /// <inheritdoc/>
    public async ValueTask<AdmittedModel> AdmitAsync(string model, long version, ModelArtifact artifact, CancellationToken cancellationToken)
    {
        if (policy.ModeOf(model) == SignatureMode.Allow)
        {
            return new AdmittedModel(artifact);
        }

        StagedFiles staged = new(stagingFolder);
        try
        {
            ContentFile[] files = [.. artifact.ListEverything().Select(file => new ContentFile(file.Name, file.Length, () => artifact.OpenRead(file.Name)))];
            SignatureVerdict verdict = await policy.VerifyAsync(model, files, await ReadSignatureAsync(artifact, cancellationToken), staged.Add, cancellationToken);
            if (verdict.Status == SignatureStatus.Valid)
            {
                LogVerified(logger, model, version, verdict.Method!, verdict.Signer!);
                return new AdmittedModel(new StagedArtifact(artifact, verdict.SignedFiles, staged), staged);
            }

            staged.Dispose();
            LogPassed(logger, model, version, verdict.Problem ?? "");
            return new AdmittedModel(artifact);
        }
        catch (Exception refused)
        {
            staged.Dispose();
            if (refused is SlipwayException { Code: ErrorCode.InvalidModel } && audit is not null)
            {
                await audit.RecordAsync(
                    new AuditEvent(time.GetUtcNow(), AuditEvent.SystemActor, "model.load", new AuditSubject("model", $"{model}:{version}"), AuditOutcome.Denied) { Reason = refused.Message },
                    cancellationToken);
            }

            throw;
        }
    }

    private static async ValueTask<ReadOnlyMemory<byte>> ReadSignatureAsync(ModelArtifact artifact, CancellationToken cancellationToken)
    {
        await using Stream? stream = artifact.OpenSignature();
        if (stream is null)
        {
            return default;
        }

        using MemoryStream bytes = new();
        byte[] piece = new byte[1 << 16];
        for (int read = await stream.ReadAsync(piece, cancellationToken); read > 0; read = await stream.ReadAsync(piece, cancellationToken))
        {
            bytes.Write(piece, 0, read);
            if (bytes.Length > SignatureBundle.MaxBytes)
            {
                throw new SlipwayException(ErrorCode.InvalidModel, $"the signature has more than {SignatureBundle.MaxBytes} bytes");
            }
        }

        // An empty file is a signature that can't be read, not the lack of one.
        return bytes.Length == 0 ? " "u8.ToArray() : bytes.ToArray();
    }

    [LoggerMessage(9001, LogLevel.Information, "Model {Model} version {Version}: signature by {Method} {Signer} holds")]
    private static partial void LogVerified(ILogger logger, string model, long version, string method, string signer);

    [LoggerMessage(9002, LogLevel.Warning, "Model {Model} version {Version} is loaded without a trusted signature: {Problem}")]
    private static partial void LogPassed(ILogger logger, string model, long version, string problem);
}
