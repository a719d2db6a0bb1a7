using System.Buffers;
using Slipway.Core;

namespace Slipway.Protocols.SageMaker;

/// <summary>Knows the models that are invoked in a form of their own, rather than in SageMaker's. Thread-safe.</summary>
internal interface IInvocationForms
{
    /// <summary>The form that a model is asked in; null for one without an own form.</summary>
    IInvocationForm? Of(ModelSignature signature);
}

/// <summary>How bodies of invocations of one model are read and answered. Thread-safe.</summary>
internal interface IInvocationForm
{
    /// <summary>Bytes of memory that reading takes for each byte of a body, at most about.</summary>
    int MemoryFactor { get; }

    /// <summary>Whether a body is CSV rather than JSON.</summary>
    /// <param name="contentType">As the request has it; null or empty when it says nothing.</param>
    /// <param name="isCsv">True for CSV.</param>
    /// <returns>Why the body is refused with 415; null when it is not.</returns>
    string? CheckMedia(string? contentType, out bool isCsv);

    /// <summary>Reads a body; the inputs are the caller's.</summary>
    /// <param name="bytes">The body.</param>
    /// <param name="isCsv">Whether it is CSV rather than JSON.</param>
    /// <param name="model">What the served model takes.</param>
    /// <exception cref="InvocationRefusedException">It can't be read, or is not what the model takes.</exception>
    InvocationBody Read(ReadOnlyMemory<byte> bytes, bool isCsv, ModelSignature model);

    /// <summary>The outputs to ask for when nobody has chosen any.</summary>
    /// <param name="model">What the served model gives.</param>
    /// <param name="usual">Those asked for when the form has no choice of its own.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/>: the model does not give what its form answers with.</exception>
    string[] ChooseOutputs(ModelSignature model, IReadOnlyList<string> usual);

    /// <summary>Writes the answer as JSON.</summary>
    /// <param name="output">Takes the whole body.</param>
    /// <param name="outputs">What the model gave.</param>
    /// <param name="isFrame">Whether the inputs came as a data frame.</param>
    void WriteJson(IBufferWriter<byte> output, IReadOnlyList<Tensor> outputs, bool isFrame);
}

/// <summary>An invocation that its model's own form refuses, with the status and the name that the form has for it.</summary>
internal sealed class InvocationRefusedException(int status, string name, string message, Exception cause) : Exception(message, cause)
{
    /// <summary>HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>What clients of the form read as <c>error_code</c>.</summary>
    public string Name { get; } = name;
}
