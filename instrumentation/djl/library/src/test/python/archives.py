# Writes archives of one small model as PyTorch makes them: scripted, traced, and both frozen, for ArchivesTest.
import sys, torch
class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(8, 8)
        self.norm = torch.nn.LayerNorm(8)
        self.head = torch.nn.Linear(8, 3)
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.norm(torch.tanh(self.layer(x))).mean(1))
torch.manual_seed(1)
net = Net().eval()
x = torch.randn(2, 5, 8)
scripted, traced = torch.jit.script(net), torch.jit.trace(net, x)
for name, module in dict(scripted=scripted, traced=traced, scripted_frozen=torch.jit.freeze(scripted), traced_frozen=torch.jit.freeze(traced)).items():
    module.save(f"{sys.argv[1]}/{name}.pt")
