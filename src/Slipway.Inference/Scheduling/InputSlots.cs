using System.Runtime.CompilerServices;
using Slipway.Core;

namespace Slipway.Inference.Scheduling;

/// <summary>Room on the stack for the inputs of most models.</summary>
[InlineArray(Capacity)]
internal struct InputSlots
{
    public const int Capacity = 4;

    private Tensor? _first;
}
