using Slipway.OnnxRuntime.Native;

namespace Slipway.OnnxRuntime.Text;

/// <summary>Runs an operator once. Stateless: the engine may run it on several threads at a time.</summary>
/// <exception cref="TextFault">The inputs are not such as the operator takes.</exception>
internal delegate void TextKernel(KernelContext context);

/// <summary>An operator on text: its signature, and what makes it for a node.</summary>
internal sealed record TextOperator(string Name, OnnxElementType[] Inputs, OnnxElementType[] Outputs, Func<KernelAttributes, TextKernel> Create)
{
    /// <summary>Whether the last input may come several times.</summary>
    public bool IsVariadic { get; init; }
}
